// Ranks of weighted pairs, replicate_lanes replicates at a time. An including file defines Lanes
// and WideLanes (a 32-bit and a 64-bit integer for every replicate), load_lanes, store_lanes,
// stream_lanes (to an aligned line, past the cache), end_stream, zero_lanes, zero_wide_lanes,
// weigh, add, multiply, add_products and store_wide_lanes.

namespace fastshesha {
namespace {

// Up to this weight, the cube of a tie group is taken in the lanes: its square fits 31 bits.
constexpr std::uint32_t small_tie = 1u << 15;

inline Lanes weight_of(const WeightedPairs& pairs, std::size_t k) {
    const std::uint32_t rows = pairs.rows[k];
    return weigh(pairs.counts + (rows & 0xffffu) * replicate_lanes,
                 pairs.counts + (rows >> 16) * replicate_lanes);
}

/// Takes the next tie group's centred doubled rank and moves on behind it.
inline Lanes pass(Lanes& place, const Lanes& weight) {
    const Lanes rank = add(place, weight);
    place = add(rank, weight);
    return rank;
}

void add_wide(std::int64_t* sums, const WideLanes& lanes, int sign) {
    std::int64_t values[replicate_lanes];
    store_wide_lanes(values, lanes);
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        sums[r] += sign * values[r];
    }
}

/// Cubes of tie groups, and of the pairs they consist of.
class TieCubes {
public:
    explicit TieCubes(RankProgress& progress) : progress_(progress) {}

    /// Weight of the n pairs from k on, which tie.
    Lanes weigh_tie(const WeightedPairs& pairs, std::size_t k, std::uint32_t n) {
        Lanes total = zero_lanes();
        for (const std::size_t end = k + n; k < end; ++k) {
            const Lanes weight = weight_of(pairs, k);
            add_products(of_pairs_, multiply(weight, weight), weight);
            total = add(total, weight);
        }
        if (n <= small_tie / pairs.largest_weight) {
            add_products(of_small_groups_, multiply(total, total), total);
        } else {
            add_large_group(total);
        }
        return total;
    }
    void finish() {
        add_wide(progress_.small_cubes, of_small_groups_, 1);
        add_wide(progress_.small_cubes, of_pairs_, -1);
    }

private:
    void add_large_group(const Lanes& total) {
        std::int32_t totals[replicate_lanes];
        store_lanes(totals, total);
        for (std::size_t r = 0; r < replicate_lanes; ++r) {
            const auto weight = static_cast<std::uint64_t>(totals[r]);
            __extension__ const auto square = static_cast<unsigned __int128>(weight * weight);
            progress_.large_cubes[r] += square * weight;
        }
    }

    RankProgress& progress_;
    WideLanes of_small_groups_ = zero_wide_lanes();
    WideLanes of_pairs_ = zero_wide_lanes();
};

template <bool past_cache>
inline void write_line(std::int32_t* lines, const WeightedPairs& pairs, std::size_t k,
                       const Lanes& ranks) {
    std::int32_t* line = lines + pairs.line_of[k] * replicate_lanes;
    if constexpr (past_cache) {
        stream_lanes(line, ranks);
    } else {
        store_lanes(line, ranks);
    }
}

template <bool past_cache>
void rank_all(const WeightedPairs& pairs, RankProgress& progress, std::int32_t* lines) {
    Lanes place = load_lanes(progress.place);
    TieCubes cubes(progress);
    std::size_t k = 0;
    for (std::size_t run = 0; run < pairs.n_runs; ++run) {
        const auto [n_single, n_tied] = pairs.runs[run];
        for (const std::size_t end = k + n_single; k < end; ++k) {
            write_line<past_cache>(lines, pairs, k, pass(place, weight_of(pairs, k)));
        }
        if (n_tied > 0) {
            const Lanes ranks = pass(place, cubes.weigh_tie(pairs, k, n_tied));
            for (const std::size_t end = k + n_tied; k < end; ++k) {
                write_line<past_cache>(lines, pairs, k, ranks);
            }
        }
    }
    store_lanes(progress.place, place);
    cubes.finish();
}

void rank_pairs(const WeightedPairs& pairs, bool past_cache, RankProgress& progress,
                std::int32_t* lines) {
    if (past_cache) {
        rank_all<true>(pairs, progress, lines);
        end_stream();
    } else {
        rank_all<false>(pairs, progress, lines);
    }
}

/// Moves what lies above 32 bits to the high parts.
void carry(WideLanes& sums, RankProducts& products) {
    std::int64_t values[replicate_lanes];
    store_wide_lanes(values, sums);
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        products.high[r] += values[r] >> 32;
        products.low[r] += values[r] & 0xffffffff;
    }
    sums = zero_wide_lanes();
}

/// Sums of weight * rank * rank since the last carry.
struct ProductSums {
    const WeightedPairs& pairs;
    const std::int32_t* lines;
    std::size_t carry_interval;
    RankProducts& products;
    WideLanes sums = zero_wide_lanes();
    std::size_t n_since_carry = 0;

    void add(std::size_t k, const Lanes& weight, const Lanes& rank) {
        // One line of the next window, to the second-level cache.
        __builtin_prefetch(lines + (pairs.first + k + lines_per_window) * replicate_lanes, 0, 2);
        const Lanes other = load_lanes(lines + pairs.line_of[k] * replicate_lanes);
        add_products(sums, multiply(weight, other), rank);
    }
    /// How many of n pairs may be added before the next call.
    std::size_t room_for(std::size_t n) {
        if (n_since_carry == carry_interval) {
            carry(sums, products);
            n_since_carry = 0;
        }
        const std::size_t room = carry_interval - n_since_carry;
        const std::size_t n_now = n < room ? n : room;
        n_since_carry += n_now;
        return n_now;
    }
};

void add_rank_products(const WeightedPairs& pairs, const std::int32_t* lines,
                       std::size_t carry_interval, RankProgress& progress, RankProducts& products) {
    Lanes place = load_lanes(progress.place);
    TieCubes cubes(progress);
    ProductSums sums{pairs, lines, carry_interval, products};
    std::size_t k = 0;
    for (std::size_t run = 0; run < pairs.n_runs; ++run) {
        const auto [n_single, n_tied] = pairs.runs[run];
        for (std::size_t left = n_single; left > 0;) {
            const std::size_t n = sums.room_for(left);
            for (const std::size_t end = k + n; k < end; ++k) {
                const Lanes weight = weight_of(pairs, k);
                sums.add(k, weight, pass(place, weight));
            }
            left -= n;
        }
        if (n_tied == 0) {
            continue;
        }
        const Lanes rank = pass(place, cubes.weigh_tie(pairs, k, n_tied));
        for (std::size_t left = n_tied; left > 0;) {
            const std::size_t n = sums.room_for(left);
            for (const std::size_t end = k + n; k < end; ++k) {
                sums.add(k, weight_of(pairs, k), rank);
            }
            left -= n;
        }
    }
    carry(sums.sums, products);
    store_lanes(progress.place, place);
    cubes.finish();
}

}  // namespace
}  // namespace fastshesha

#define FASTSHESHA_DEFINE_REPLICATES(level)                                                      \
    namespace fastshesha {                                                                       \
    void rank_pairs_##level(const WeightedPairs& pairs, bool past_cache, RankProgress& progress, \
                            std::int32_t* lines) {                                               \
        rank_pairs(pairs, past_cache, progress, lines);                                          \
    }                                                                                            \
    void add_rank_products_##level(const WeightedPairs& pairs, const std::int32_t* lines,        \
                                   std::size_t carry_interval, RankProgress& progress,           \
                                   RankProducts& products) {                                     \
        add_rank_products(pairs, lines, carry_interval, progress, products);                     \
    }                                                                                            \
    }
