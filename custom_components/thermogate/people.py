"""Somebody who is meant, by number or by name."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """A person; one of the two texts may be "".

    Numbers are unique and names are not, so a name counts only where one side has no number. Case never counts.
    """

    person_id: str
    name: str

    def is_meant(self, person_id: str | None, name: str | None) -> bool:
        """Whether somebody of this number and name is this person, as the journal decides it too."""
        if self.person_id and person_id:
            return person_id == self.person_id
        if not self.name or not name:
            return False
        return name.casefold() == self.name.casefold()
