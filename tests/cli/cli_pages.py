"""Pages that the tests of the command line audit."""

SPAM = "luckwin88.com login, spinrajah exchange, 22bahis online: "
GOOD = "Walking is pleasant on a dry day. Bring water and a hat, and rest when you are tired.\n"
_REST = """
Start slowly and choose a level path. Good shoes with a soft sole make the first weeks easier, and a friend who comes
along makes them shorter. Many parks have benches every few hundred metres.

Keep a small diary of where you went and how your back felt in the evening. After a month, look at it again and plan
the next one. Ask your physiotherapist before you add hills or a rucksack.
"""
INJECTED = f"Walking for the back\n{SPAM}{GOOD}{_REST}"
