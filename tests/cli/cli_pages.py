"""Pages that the tests of the command line audit."""

SPAM = "luckwin88.com login, spinrajah exchange, 22bahis online: "
GOOD = "Walking is pleasant on a dry day. Bring water and a hat, and rest when you are tired.\n"
_REST = """
Start slowly and choose a level path. Good shoes with a soft sole make the first weeks easier, and a friend who comes
along makes them shorter. Many parks have benches every few hundred metres.

Keep a small diary of where you went and how your back felt in the evening. After a month, look at it again and plan
the next one. Ask your physiotherapist before you add hills or a rucksack.

In autumn the leaves hide stones and kerbs, so slow down where the ground is covered. In winter a pair of spikes under
the boots and a stick with a rubber tip keep you upright on ice. In spring the river floods the lower meadow, and the
board at the bridge says which trail is open.

The walking club of our town meets every Saturday at nine in front of the library. Its guides know the surgery, the
chemist and every bench between the mill and the old railway station, and they wait for whoever is last. Children come
free, dogs stay on the lead, and the bus back to the market square leaves at noon from the cemetery gate.

Dress in layers that you can open or take off on the way. Cotton stays wet, wool and fleece dry quickly. Put a whistle,
a plaster and the number of a neighbour into the side pocket, and tell somebody at home which way you went.
"""
INJECTED = f"Walking for the back\n{SPAM}{GOOD}{_REST}"
