"""Words that mean nothing, and sentences of them: as long to read as those of an exam, and not to be mistaken for one."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

_STARTS = "b bl br d dr f fl g gl gr k kl kr m n p pl pr s sk sl sn sp st t tr v vl w z zw".split()  # noqa: SIM905
_MIDDLES = "a e i o u ai ea oo ou".split()  # noqa: SIM905
_ENDS = "b ck d ft g k lb lm lt m mp n nd nk p rb rk rl rn rt sk st t x zz".split()  # noqa: SIM905
_TAILS = "a e el en er et id in is o ol on or um us".split()  # noqa: SIM905

# frames into which the words are put: N a thing, A a quality, V what it does, Q a quantity
_FRAMES = (
    "The A N V near the N for Q.",
    "Its N is A, and the N V whenever a N V.",
    "Since the last N it has V twice, and its A N has been A.",
    "Nobody has seen the N V, although every N is A.",
    "On the left N there is a A N of Q; on the right N there is none.",
    "When the N is pressed, it V, and the A N turns A.",
    "A second N, of Q, is A and V with each N.",
    "It takes a A N each morning and V before the N.",
)


@dataclass(slots=True)
class Words:
    """A stream of words that a seed decides."""

    rng: random.Random
    used: set[str] = field(default_factory=set)

    def word(self) -> str:
        """One word."""
        rng = self.rng
        return (
            rng.choice(_STARTS) + rng.choice(_MIDDLES) + rng.choice(_ENDS) + (rng.choice(_TAILS) if rng.random() < 0.6 else "")
        )

    def names(self, n: int) -> list[str]:
        """So many names, all different, of two words that begin differently."""
        found: dict[str, None] = {}
        while len(found) < n:
            found[f"{self.word()} {self.word()}".capitalize()] = None
        return list(found)

    def quantity(self) -> str:
        """A number with a unit that does not exist."""
        return f"{self.rng.randint(2, 999) / 10} {self.word()}s"

    def sentence(self) -> str:
        """One sentence."""
        parts = []
        for part in self.rng.choice(_FRAMES).split(" "):
            sign = part.rstrip(".,;")
            made = {"N": self.word, "A": lambda: self.word() + "ish", "V": lambda: self.word() + "s", "Q": self.quantity}.get(
                sign
            )
            parts.append(part.replace(sign, made(), 1) if made else part)
        text = " ".join(parts)
        return text[:1].upper() + text[1:]

    def passage(self, n_sentences: int) -> str:
        """Sentences in one paragraph."""
        return " ".join(self.sentence() for _ in range(n_sentences))
