"""Sources of random numbers: what matters of them is which numbers come next."""

from __future__ import annotations

from typing import Any, Callable, Dict

from ..registry import Absent, Asks
from ._tables import register

Draw = Callable[[Any], Any]


def _next_of_state(draw: Draw) -> Draw:
    """What a RandomState gives next, which then goes back to where it was."""

    def ask(random: Any) -> Any:
        before = random.get_state()
        try:
            return draw(random)
        finally:
            random.set_state(before)

    return ask


def _next_of_bits(bits_of: Draw, draw: Draw) -> Draw:
    """The same for anything that has, or is, a bit generator."""

    def ask(random: Any) -> Any:
        bits = bits_of(random)
        before = bits.state
        try:
            return draw(random)
        finally:
            bits.state = before

    return ask


def _flat(state: Any) -> Any:
    """A state's dictionary as text, its arrays as lists."""
    if isinstance(state, dict):
        return repr(sorted((key, _flat(value)) for key, value in state.items()))
    return repr(state.tolist() if hasattr(state, "tolist") else state)


DRAWS: Dict[str, Draw] = {
    "normal": lambda random: random.normal(1.0, 2.0, 5),
    "exponential": lambda random: random.exponential(2.0, 4),
    "gamma": lambda random: random.gamma(0.7, size=4),
    "beta": lambda random: random.beta(0.4, 0.6, 4),
    "binomial": lambda random: random.binomial(40, 0.3, 6),
    "poisson": lambda random: random.poisson(12.0, 6),
    "permutation": lambda random: random.permutation(12),
    "choice": lambda random: random.choice(50, 8, replace=False),
    "choice-weighted": lambda random: random.choice(4, 8, p=[0.1, 0.2, 0.3, 0.4]),
    "multinomial": lambda random: random.multinomial(20, [0.2, 0.3, 0.5], 2),
    "dirichlet": lambda random: random.dirichlet([0.3, 1.0, 2.0], 2),
    "hypergeometric": lambda random: random.hypergeometric(15, 25, 10, 6),
    "vonmises": lambda random: random.vonmises(0.5, 2.0, 4),
    "multivariate": lambda random: random.multivariate_normal([0.0, 1.0], [[2.0, 0.5], [0.5, 1.0]]),
}
STATE: Asks = dict(
    {name: _next_of_state(draw) for name, draw in DRAWS.items()},
    uniform=_next_of_state(lambda random: random.random_sample(5)),
    integers=_next_of_state(lambda random: random.randint(0, 1000, 6)),
    bytes=_next_of_state(lambda random: random.bytes(9)),
    state=lambda random: random.get_state()[1],
)


def _generator(draw: Draw) -> Draw:
    return _next_of_bits(lambda random: random.bit_generator, draw)


GENERATOR: Asks = dict(
    {name: _generator(draw) for name, draw in DRAWS.items()},
    uniform=_generator(lambda random: random.random(5)),
    integers=_generator(lambda random: random.integers(0, 1000, 6)),
    small=_generator(lambda random: random.integers(0, 7, 9, dtype="u1")),
    bytes=_generator(lambda random: random.bytes(9)),
    raw=_generator(lambda random: random.bit_generator.random_raw(4)),
    state=lambda random: _flat(random.bit_generator.state),
)
BITS: Asks = {
    "raw": _next_of_bits(lambda bits: bits, lambda bits: bits.random_raw(4)),
    "state": lambda bits: _flat(bits.state),
    "type": lambda bits: type(bits).__name__,
}
SEEDS: Asks = {
    "state": lambda seeds: seeds.generate_state(5),
    "entropy": lambda seeds: str(seeds.entropy),
    "place": lambda seeds: [list(seeds.spawn_key), seeds.n_children_spawned],
}
SPAWNING: Asks = {"seeds": lambda random: _seeds(random).generate_state(4)}


def _seeds(random: Any) -> Any:
    """The seed sequence of a generator, which had no public name before numpy 1.25."""
    bits = random.bit_generator
    return bits.seed_seq if hasattr(bits, "seed_seq") else bits._seed_seq


def _seed_sequence(np: Any) -> Any:
    seeds = np.random.SeedSequence(20261115, spawn_key=(3,))
    seeds.spawn(2)
    return seeds


def _used(random: Any) -> Any:
    """After some numbers have been drawn, with half of a pair of normal ones left over."""
    random.standard_normal(7)
    return random


def _half_used(random: Any) -> Any:
    """After an odd number of 32-bit integers: half of 64 bits is left over."""
    random.integers(0, 2**31, 3, dtype="u4")
    return random


TABLE: Dict[str, Any] = {
    "state": (STATE, "the old generator, a normal number kept", lambda r: _used(r.RandomState(5))),
    "state-fresh": (STATE, "the old generator, just seeded", lambda r: r.RandomState(5)),
    "state-array": (STATE, "the old one, from several seeds", lambda r: r.RandomState([3, 1, 4])),
    "state-pcg64": (
        *({"integers": lambda random: _of_legacy(random)}, "the old one over new bits"),
        lambda r: r.RandomState(r.PCG64(5)),
    ),
    "default": (GENERATOR, "the default generator", lambda r: _used(r.default_rng(5))),
    "mt19937": (GENERATOR, "the new one over MT19937", lambda r: _used(r.Generator(r.MT19937(5)))),
    "pcg64": (GENERATOR, "over PCG64, half used", lambda r: _half_used(r.Generator(r.PCG64(5)))),
    "pcg64-jumped": (GENERATOR, "over PCG64, far on", lambda r: r.Generator(r.PCG64(5).jumped(2))),
    "pcg64dxsm": (GENERATOR, "over PCG64DXSM", lambda r: r.Generator(r.PCG64DXSM(5))),
    "philox": (GENERATOR, "over Philox", lambda r: _half_used(r.Generator(r.Philox(5)))),
    "sfc64": (GENERATOR, "over SFC64", lambda r: _used(r.Generator(r.SFC64(5)))),
    "bits-mt19937": (BITS, "the bits of MT19937", lambda r: r.MT19937(5)),
    "bits-pcg64": (BITS, "the bits of PCG64", lambda r: r.PCG64(5)),
    "bits-philox": (BITS, "the bits of Philox", lambda r: r.Philox(5)),
    "bits-sfc64": (BITS, "the bits of SFC64", lambda r: r.SFC64(5)),
    "spawning": (SPAWNING, "a generator's seeds for its children", lambda r: r.default_rng(5)),
}


def _of_legacy(random: Any) -> Any:
    """What a RandomState over other bits gives next; its state is no tuple."""
    before = random.get_state(legacy=False)
    try:
        return random.randint(0, 1000, 6)
    finally:
        random.set_state(before)


def _building(make: Draw) -> Callable[[], Any]:
    def build() -> Any:
        import numpy.random

        try:
            return make(numpy.random)
        except AttributeError as error:
            raise Absent("this numpy does not have it: %s" % error)

    return build


def _seed_recipe() -> Any:
    import numpy

    return _seed_sequence(numpy)


for _name, (_asks, _summary, _make) in TABLE.items():
    register("numpy.random-" + _name, _summary, _building(_make), _asks, __name__)
register("numpy.random-seeds", "a sequence of seeds", _seed_recipe, SEEDS, __name__)
