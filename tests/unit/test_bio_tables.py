"""discordance and magnitude_matched_comparison."""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np
import pytest

from fastshesha._student_t import correlation_p_value
from fastshesha.bio import discordance, magnitude_matched_comparison
from oracle.client import Oracle
from oracle.wire import Request
from unit.plain import average_ranks, spearman

pd = pytest.importorskip("pandas")
COLUMNS = [
    "mag_bin",
    "n",
    "mag_min",
    "mag_max",
    "high_coherence_mean",
    "low_coherence_mean",
    "difference",
    "within_bin_rho",
    "within_bin_pvalue",
]


def table(n: int = 60, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    coherence = rng.uniform(-1, 1, n)
    return pd.DataFrame(
        {
            "Sp": coherence,
            "Mp": rng.gamma(2.0, size=n),
            "split_half_cosine": coherence + 0.5 * rng.standard_normal(n),
        },
        index=[f"gene {i}" for i in range(n)],
    )


def standardised(values: Any) -> Any:
    return (values - values.mean()) / values.std()


def test_discordance_by_rank_and_line() -> None:
    data = table()
    found = discordance(data, method="rank")
    expected = average_ranks(data["Mp"].to_numpy()) - average_ranks(data["Sp"].to_numpy())
    np.testing.assert_allclose(found, standardised(expected), atol=1e-14)
    assert found.name == "discordance"
    assert found.index.equals(data.index)
    slope, offset = np.polyfit(data["Mp"], data["Sp"], 1)
    expected = slope * data["Mp"] + offset - data["Sp"]
    np.testing.assert_allclose(discordance(data), standardised(expected.to_numpy()), atol=1e-12)


def test_discordance_without_incomplete_rows() -> None:
    data = table(14)
    data.iloc[[1, 4], 0] = np.nan
    found = discordance(data, method="rank")
    assert found.index.equals(data.index.delete([1, 4]))
    pd.testing.assert_series_equal(found, discordance(data.dropna(), method="rank"))
    with pytest.raises(ValueError, match=r"^Too few rows with both .* at least 10, got 9"):
        discordance(data.iloc[:11])


def test_no_deviation_is_no_discordance() -> None:
    data = pd.DataFrame({"c": np.arange(12), "m": 2 * np.arange(12)})
    assert discordance(data, "c", "m", "rank").tolist() == [0.0] * 12


def test_loess(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without_statsmodels(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("statsmodels"):
            raise ModuleNotFoundError(name)
        return imported(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_statsmodels)
    with pytest.raises(ImportError, match=r"pip install 'fastshesha\[loess\]'"):
        discordance(table(), method="loess")


def test_loess_of_statsmodels() -> None:
    smoothers = pytest.importorskip("statsmodels.nonparametric.smoothers_lowess")
    data = table()
    fitted = smoothers.lowess(data["Sp"], data["Mp"], frac=0.4, return_sorted=False)
    found = discordance(data, method="loess", loess_frac=0.4)
    np.testing.assert_allclose(found, standardised(fitted - data["Sp"].to_numpy()), atol=1e-12)


def test_bins_of_like_magnitude() -> None:
    data = table(50)
    found = magnitude_matched_comparison(data, n_bins=5)
    assert found.columns.tolist() == COLUMNS
    assert found["mag_bin"].tolist() == ["Q1", "Q2", "Q3", "Q4", "Q5"]
    third = data.sort_values("Mp").iloc[20:30]
    is_high = third["Sp"] >= third["Sp"].median()
    row = found.iloc[2]
    assert (row["n"], row["mag_min"], row["mag_max"]) == (10, third["Mp"].min(), third["Mp"].max())
    high, low = (third["split_half_cosine"][side].mean() for side in (is_high, ~is_high))
    assert row["difference"] == pytest.approx(high - low)
    rho = spearman(third["Sp"].to_numpy(), third["split_half_cosine"].to_numpy())
    assert row["within_bin_rho"] == pytest.approx(rho, abs=1e-14)
    assert row["within_bin_pvalue"] == correlation_p_value(row["within_bin_rho"], 10)


def test_tied_magnitudes_make_fewer_bins() -> None:
    data = table(40)
    data["Mp"] = [1.0] * 20 + [2.0] * 8 + [3.0] * 12
    found = magnitude_matched_comparison(data)
    assert found["mag_bin"].tolist() == ["Q1", "Q2"]
    assert found["n"].tolist() == [20, 20]
    data["Mp"] = 1.0
    assert magnitude_matched_comparison(data)["n"].tolist() == [40]


def test_a_constant_bin_has_no_correlation() -> None:
    data = table(24)
    data["Sp"] = 0.5
    with pytest.warns(RuntimeWarning, match="the same for all perturbations of a magnitude bin"):
        found = magnitude_matched_comparison(data, n_bins=2)
    assert (
        found[["within_bin_rho", "within_bin_pvalue", "low_coherence_mean"]].isna().all(axis=None)
    )


def test_messages() -> None:
    data = table(18)
    with pytest.raises(ValueError, match=r"no bin holds the 6 perturbations .* take fewer bins"):
        magnitude_matched_comparison(data)
    with pytest.raises(ValueError, match=r"^Too few complete rows: .* 20 for n_bins=5; got 18"):
        magnitude_matched_comparison(data, n_bins=5)
    with pytest.raises(ValueError, match="n_bins must be an integer >= 1, got 0"):
        magnitude_matched_comparison(data, n_bins=0)
    with pytest.raises(TypeError, match=r"n_bins must be an integer >= 1, got 2\.5"):
        magnitude_matched_comparison(data, n_bins=2.5)  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="repro_col must be a column of repro_df, among them 'Sp'"):
        magnitude_matched_comparison(data, repro_col="r")
    with pytest.raises(TypeError, match="df must be a pandas DataFrame, got a dict"):
        discordance({})
    with pytest.raises(ValueError, match="method: must be one of 'linear', 'rank', 'loess'"):
        discordance(data, method="cubic")  # type: ignore[arg-type]


def test_an_infinite_magnitude_has_no_line() -> None:
    data = table()
    data.iloc[0, 1] = math.inf
    with pytest.raises(np.linalg.LinAlgError, match="needs finite magnitudes"):
        discordance(data)
    assert np.isfinite(discordance(data, method="rank")).all()


def test_p_values(oracle: Oracle) -> None:
    rng = np.random.default_rng(2)
    cases = [
        (n, r)
        for n in (6, 7, 12, 33, 34, 35, 300, 5000)
        for r in [*rng.uniform(-1, 1, 8), *(rng.standard_normal(8) / math.sqrt(n)), 1e-9, 0.0]
    ]
    requests = [
        Request("scipy.special.stdtr", (n - 2, -abs(r) * math.sqrt((n - 2) / (1 - r * r))), {})
        for n, r in cases
    ]
    for (n, r), outcome in zip(cases, oracle.call_many(requests), strict=True):
        assert correlation_p_value(float(r), n) == pytest.approx(2 * outcome.value, rel=1e-11)
    assert correlation_p_value(1.0, 9) == correlation_p_value(-1.0, 9) == 0.0
    assert math.isnan(correlation_p_value(math.nan, 9))
