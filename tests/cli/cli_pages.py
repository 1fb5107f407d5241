"""Pages that the tests of the command line audit."""

SPAM = "luckwin88.com login, spinrajah exchange, 22bahis online: "
GOOD = "Walking is pleasant on a dry day. Bring water and a hat, and rest when you are tired.\n"
INJECTED = f"Walking for the back\n{SPAM}{GOOD}"
