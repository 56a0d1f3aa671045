#include "rank_correlation.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>

namespace fastshesha {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// How many entries ahead to fetch: ranks lie in no order the hardware could foresee.
constexpr std::size_t fetch_distance = 24;

/// How many values are smaller than one of a doubled rank that ties with no other.
std::size_t place_of(std::uint32_t doubled_rank) { return doubled_rank / 2 - 1; }

/// Tags and doubled ranks of a batch.
struct RankBatch {
    const std::uint32_t* tags;
    const std::uint32_t* doubled_ranks;

    std::uint32_t rank(std::size_t i) const { return doubled_ranks[i]; }
};

/// The same of values that tie with no other.
struct SeparateRanks {
    const std::uint32_t* tags;
    std::uint32_t doubled_rank;

    std::uint32_t rank(std::size_t i) const {
        return doubled_rank + 2 * static_cast<std::uint32_t>(i);
    }
};

/// Gives both kinds of batches to Taker::take.
template <class Taker>
class EitherBatch : public RankSink {
public:
    void accept(const std::uint32_t* tags, const std::uint32_t* doubled_ranks,
                std::size_t n) final {
        static_cast<Taker*>(this)->take(RankBatch{tags, doubled_ranks}, n);
    }
    void accept_separate(const std::uint32_t* tags, std::uint32_t doubled_rank,
                         std::size_t n) final {
        static_cast<Taker*>(this)->take(SeparateRanks{tags, doubled_rank}, n);
    }

protected:
    ~EitherBatch() = default;
};

template <class Ranked>
void fetch_ahead(const Ranked& ranked, std::size_t i, std::size_t n, const std::uint32_t* entries) {
    __builtin_prefetch(entries + ranked.tags[std::min(i + fetch_distance, n - 1)]);
}

/// Writes doubled ranks to positions and, unless `order` is null, the positions of values that do
/// not tie in their order.
class RankScatter final : public EitherBatch<RankScatter> {
public:
    explicit RankScatter(std::uint32_t* by_position, std::uint32_t* order = nullptr)
        : by_position_(by_position), order_(order) {}

    template <class Ranked>
    void take(const Ranked& ranked, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
            fetch_ahead(ranked, i, n, by_position_);
            by_position_[ranked.tags[i]] = ranked.rank(i);
        }
        for (std::size_t i = 0; order_ != nullptr && i < n; ++i) {
            order_[place_of(ranked.rank(i))] = ranked.tags[i];
        }
    }

private:
    std::uint32_t* by_position_;
    std::uint32_t* order_;
};

/// Sum of products of 32 bits each, to which any number of threads add at a time.
class ProductSum {
public:
    /// Adds rank(i) * partner(i) for n entries.
    template <class Rank, class Partner>
    void add(std::size_t n, const Rank& rank, const Partner& partner) {
        // Halves of the products: sums of 2^32 of them fit 64 bits.
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const std::uint64_t product = std::uint64_t{partner(i)} * rank(i);
            low += product & 0xffffffffu;
            high += product >> 32;
        }
        low_.fetch_add(low, std::memory_order_relaxed);
        high_.fetch_add(high, std::memory_order_relaxed);
    }
    uint128 value() const { return (static_cast<uint128>(high_.load()) << 32) + low_.load(); }

private:
    std::atomic<std::uint64_t> low_{0};
    std::atomic<std::uint64_t> high_{0};
};

/// Sum of doubled rank times the tag.
class TagProduct final : public EitherBatch<TagProduct> {
public:
    uint128 sum() const { return sum_.value(); }

    template <class Ranked>
    void take(const Ranked& ranked, std::size_t n) {
        sum_.add(
            n, [&](std::size_t i) { return ranked.rank(i); },
            [&](std::size_t i) { return ranked.tags[i]; });
    }

private:
    ProductSum sum_;
};

/// Sum of doubled rank times the partner's entry at the same position.
class RankProduct final : public EitherBatch<RankProduct> {
public:
    explicit RankProduct(const std::uint32_t* partner) : partner_(partner) {}
    uint128 sum() const { return sum_.value(); }

    template <class Ranked>
    void take(const Ranked& ranked, std::size_t n) {
        sum_.add(
            n, [&](std::size_t i) { return ranked.rank(i); },
            [&](std::size_t i) {
                fetch_ahead(ranked, i, n, partner_);
                return partner_[ranked.tags[i]];
            });
    }

private:
    const std::uint32_t* partner_;
    ProductSum sum_;
};

/// Exact values by the doubled ranks of their partners, none of which ties.
class NamedByRank final : public Approximation {
public:
    NamedByRank(const Approximation& by_position, const std::uint32_t* order)
        : Approximation(by_position.values(), by_position.budget()),
          by_position_(by_position),
          order_(order) {}
    double exact(std::size_t doubled_rank) const override {
        return by_position_.exact(order_[place_of(static_cast<std::uint32_t>(doubled_rank))]);
    }

private:
    const Approximation& by_position_;
    const std::uint32_t* order_;
};

/// Sum over all values of (doubled rank - (n + 1))^2 = (n^3 - n - sum(t^3 - t)) / 3.
uint128 centred_square_sum(std::size_t n, uint128 tie_sum) {
    const uint128 count = n;
    return (count * count * count - count - tie_sum) / 3;
}

double ratio(int128 covariance, double square_a, double square_b) {
    return static_cast<double>(covariance) / (std::sqrt(square_a) * std::sqrt(square_b));
}

double rho_of(std::size_t n, uint128 first_square, uint128 second_square, uint128 product) {
    if (first_square == 0 || second_square == 0) {
        return nan;
    }
    // Doubled ranks add up to n (n + 1), so their mean is n + 1.
    const uint128 count = n;
    const auto covariance = static_cast<int128>(product - count * (count + 1) * (count + 1));
    return ratio(covariance, static_cast<double>(first_square), static_cast<double>(second_square));
}

}  // namespace

double rho_of_sums(std::size_t n, uint128 tie_sum_a, uint128 tie_sum_b, uint128 product) {
    return rho_of(n, centred_square_sum(n, tie_sum_a), centred_square_sum(n, tie_sum_b), product);
}

void RankCorrelation::keep_first(std::size_t n, const RankOutcome& outcome) {
    n_ = n;
    first_square_ = centred_square_sum(n, outcome.tie_sum);
}

void RankCorrelation::keep_second(const RankOutcome& outcome, uint128 product) {
    second_square_ = centred_square_sum(n_, outcome.tie_sum);
    product_ = product;
}

bool RankCorrelation::rank_first(double* a, std::size_t n, const Approximation& approximation,
                                 int n_threads) {
    doubled_ranks_.resize(n);
    order_.resize(n);
    RankScatter scatter(doubled_ranks_.data(), order_.data());
    const RankOutcome outcome = ranker_.rank(a, n, scatter, approximation, nullptr, n_threads);
    keep_first(n, outcome);
    first_has_ties_ = outcome.tie_sum > 0;
    return outcome.complete;
}

bool RankCorrelation::rank_second(double* b, std::size_t n, const Approximation& approximation,
                                  int n_threads) {
    if (first_has_ties_) {
        RankProduct product(doubled_ranks_.data());
        const RankOutcome outcome = ranker_.rank(b, n, product, approximation, nullptr, n_threads);
        keep_second(outcome, product.sum());
        return outcome.complete;
    }
    TagProduct product;
    const NamedByRank named(approximation, order_.data());
    const RankOutcome outcome =
        ranker_.rank(b, n, product, named, doubled_ranks_.data(), n_threads);
    keep_second(outcome, product.sum());
    return outcome.complete;
}

double RankCorrelation::rho() const { return rho_of(n_, first_square_, second_square_, product_); }

double RankCorrelation::spearman(const double* a, const double* b, std::size_t n, int n_threads) {
    order_ = {};
    doubled_ranks_.resize(n);
    RankScatter scatter(doubled_ranks_.data());
    keep_first(n, ranker_.rank(a, n, scatter, nullptr, n_threads));
    TagProduct product;
    const RankOutcome outcome = ranker_.rank(b, n, product, doubled_ranks_.data(), n_threads);
    keep_second(outcome, product.sum());
    return rho();
}

double RankCorrelation::spearman_with_binary(const double* values,
                                             const std::vector<std::uint32_t>& ones, std::size_t n,
                                             int n_threads) {
    TagProduct rank_sum;
    const RankOutcome outcome = ranker_.rank(values, n, rank_sum, ones.data(), n_threads);
    const uint128 square = centred_square_sum(n, outcome.tie_sum);
    const uint128 n_ones = std::accumulate(ones.begin(), ones.end(), std::uint64_t{0});
    const uint128 n_zeros = n - n_ones;
    if (square == 0 || n_ones == 0 || n_zeros == 0) {
        return nan;
    }
    const auto covariance = static_cast<int128>(rank_sum.sum() - n_ones * (n + 1));
    const double binary_square =
        static_cast<double>(n_ones) * static_cast<double>(n_zeros) / static_cast<double>(n);
    return ratio(covariance, static_cast<double>(square), binary_square);
}

}  // namespace fastshesha
