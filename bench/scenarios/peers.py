"""One split, against every way to compute it without us."""

from __future__ import annotations

from bench.contest import Call
from bench.data import Data
from bench.limit import Work
from bench.scenario import Entry, Scenario, Turn, both
from bench.scenarios.feature_split import SEED, options_of

_MODULES = {
    "scipy": "scipy_by_hand",
    "scikit-learn": "scikit_learn",
    "torch": "torch_cpu",
    "mne-rsa": "mne_rsa_rdms",
    "rsatoolbox": "rsatoolbox_rdms",
}
# The peers round otherwise: near-ties of continuous data change places, ties fall apart.
_TOLERANCE = {"float64": 1e-6, "float32": 1e-5}
_TIE_RICH_TOLERANCE = 1e-3
# Sorting twice gives ties no mean rank, and rsatoolbox has no cosine.
_COSINE = ("scipy", "scikit-learn", "torch", "mne-rsa")
_WITH_TIES = ("scipy", "scikit-learn", "mne-rsa")
_CORRELATION = ("scipy", "scikit-learn", "mne-rsa", "rsatoolbox")


def _scenario(
    shape: tuple[int, int],
    target: float,
    peers: tuple[str, ...] = _COSINE,
    *,
    kind: str = "normal",
    dtype: str = "float64",
    metric: str = "cosine",
) -> Scenario:
    def entries(data: Data) -> list[Entry]:
        X = data.matrix(shape, kind, dtype=dtype)
        found = both("feature_split", (X,), options_of((*shape, 1)) | {"metric": metric})
        for peer in peers:
            function = f"bench.peers.{_MODULES[peer]}.split_correlation"
            call = Call(function, (X, *data.halves(shape[1], SEED)), {"metric": metric})
            single = "float32" if peer == "torch" else dtype
            tolerance = _TOLERANCE[single] if kind == "normal" else _TIE_RICH_TOLERANCE
            found.append(Entry(peer, (Turn((call,)),), tolerance))
        return found

    return Scenario(
        f"one split/{shape[0]}x{shape[1]}/{metric}/{kind} {dtype}",
        entries,
        targets=dict.fromkeys(peers, target),
        less_memory=True,
        work=Work(*shape, 1),
    )


SCENARIOS = (
    _scenario((500, 256), 5.0),
    _scenario((500, 256), 5.0, dtype="float32"),
    _scenario((500, 256), 5.0, _CORRELATION, metric="correlation"),
    _scenario((1600, 768), 10.0),
    _scenario((1600, 768), 10.0, dtype="float32"),
    _scenario((1600, 768), 10.0, _CORRELATION, metric="correlation"),
    _scenario((1600, 768), 10.0, _WITH_TIES, kind="binary 10%"),
    _scenario((1600, 768), 10.0, _WITH_TIES, kind="integers 0..2"),
    _scenario((1600, 768), 10.0, _WITH_TIES, kind="20 distinct rows"),
    _scenario((4000, 384), 10.0),
    _scenario((10_000, 768), 10.0),
)
