// Weighted sums of distances and of their products, replicate after replicate of a block. Vectors
// run across the replicates, so that each sum keeps the order of a scalar loop.
// Included after tile.inl.

namespace fastshesha {
namespace {

// Replicates whose sums stay in registers together.
constexpr std::size_t lanes_at_once = 8;
constexpr std::size_t vectors_at_once = lanes_at_once / VECTOR_WIDTH;

/// A number for some of the replicates.
struct Some {
    Vector part[vectors_at_once];
};

inline Some load_some(const double* from) {
    Some some;
#pragma GCC unroll 8
    for (std::size_t v = 0; v < vectors_at_once; ++v) {
        some.part[v] = load(from + v * VECTOR_WIDTH);
    }
    return some;
}

inline void store_some(double* to, const Some& some) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < vectors_at_once; ++v) {
        store(to + v * VECTOR_WIDTH, some.part[v]);
    }
}

/// Counts of both samples of pair k, for the replicates from `first` on.
struct CountRows {
    const double* one;
    const double* other;

    CountRows(const WeightedDistances& pairs, std::size_t k, std::size_t first)
        : one(pairs.counts + (pairs.rows[k] & 0xffffu) * replicate_lanes + first),
          other(pairs.counts + (pairs.rows[k] >> 16) * replicate_lanes + first) {}

    Vector weight(std::size_t v) const {
        return load(one + v * VECTOR_WIDTH) * load(other + v * VECTOR_WIDTH);
    }
};

void add_weighted_moments(const WeightedDistances& pairs, ReplicateMoments& sums) {
    for (std::size_t first = 0; first < replicate_lanes; first += lanes_at_once) {
        Some a = load_some(sums.a + first);
        Some b = load_some(sums.b + first);
        Some aa = load_some(sums.aa + first);
        Some bb = load_some(sums.bb + first);
        Some ab = load_some(sums.ab + first);
        for (std::size_t k = 0; k < pairs.n; ++k) {
            const CountRows counts(pairs, k, first);
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors_at_once; ++v) {
                const Vector weight = counts.weight(v);
                const Vector weighted_a = weight * pairs.a[k];
                const Vector weighted_b = weight * pairs.b[k];
                a.part[v] += weighted_a;
                b.part[v] += weighted_b;
                aa.part[v] += weighted_a * pairs.a[k];
                bb.part[v] += weighted_b * pairs.b[k];
                ab.part[v] += weighted_a * pairs.b[k];
            }
        }
        store_some(sums.a + first, a);
        store_some(sums.b + first, b);
        store_some(sums.aa + first, aa);
        store_some(sums.bb + first, bb);
        store_some(sums.ab + first, ab);
    }
}

}  // namespace
}  // namespace fastshesha
