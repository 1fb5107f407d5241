"""What can go wrong, by who has to act. Each message says where, what, and what to do next."""

from __future__ import annotations

import errno
import os
from typing import Self


class AuditError(Exception):
    """A mistake that its user can mend; the command line prints the message and no stack trace."""

    exit_code = 2

    def __init__(self, where: str, what: str, hint: str = "") -> None:
        """Join the three parts of the message.

        Args:
            where: A path, `path:line:column`, an option or a setting; may be empty.
            what: What is wrong there.
            hint: What to do next; goes on a line of its own.
        """
        self.where, self.what, self.hint = where, what, hint
        super().__init__(": ".join(part for part in (where, what) if part) + (f"\n  {hint}" if hint else ""))

    @classmethod
    def needs_extra(cls, where: str, what: str, extra: str, also: str = "") -> Self:
        """Return the error of something whose optional part is not installed.

        Args:
            where: A path, an option; as in every message.
            what: What cannot be done without it.
            extra: Name of the part in `article-audit[…]`.
            also: What else to install, as the rest of the hint.
        """
        hint = f"install it with: pip install 'article-audit[{extra}]'{also}"
        return cls(where, f"{what} needs the extra {extra}", hint)

    def __reduce__(self) -> tuple[type[AuditError], tuple[str, str, str]]:
        """Travel between processes by the three parts."""
        return type(self), (self.where, self.what, self.hint)


class UsageError(AuditError):
    """A wrong option, argument or combination of them."""


class SettingsError(AuditError):
    """A settings file that cannot be used."""


class RuleError(AuditError):
    """A rule pack or profile that cannot be used."""


class InputError(AuditError):
    """A source that cannot be read at all; single bad pages are rows of the report instead."""

    exit_code = 3


class PageError(AuditError):
    """One page that cannot be read or is over a bound; becomes a row with status `failed`."""

    exit_code = 3


class HandlesError(AuditError):
    """There are no more file handles, for which no page is to blame: the run ends, and goes on with `--resume`."""

    @classmethod
    def check(cls, where: str, error: Exception) -> None:
        """Raise an error of this kind if that is what another one says.

        Raises:
            HandlesError: It is.
        """
        if any(os.strerror(number) in str(error) for number in (errno.EMFILE, errno.ENFILE)):  # of a module, text alone
            hint = "raise the limit (ulimit -n), then go on with --resume"
            raise cls(where, "there are no more file handles", hint) from error


class ReportError(AuditError):
    """A finished report that cannot be read back."""


class OffsetError(ValueError):
    """A span that is empty or leaves its text: always a bug in the caller."""
