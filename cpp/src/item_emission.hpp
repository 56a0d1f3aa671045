#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "joined_runs.hpp"
#include "rank_sink.hpp"
#include "value_buckets.hpp"

namespace fastshesha {

/// What values are called in their items. Exact ones are found by position.
enum class Names { positions, positions_of_tags, half_tags };

/// Sorted items: keys above the names of values, packed into 64 bits.
struct SortedItems {
    const std::uint64_t* data;
    std::size_t n;
    int name_bits;
    std::uint64_t key_window;  ///< keys no farther apart are too close to tell

    std::uint64_t key(std::size_t i) const { return data[i] >> name_bits; }
    std::uint32_t name(std::size_t i) const {
        const std::uint64_t mask = (std::uint64_t{1} << name_bits) - 1;
        return static_cast<std::uint32_t>(data[i] & mask);
    }
    bool close(std::size_t i, std::size_t j) const { return key(j) - key(i) <= key_window; }

    /// The first place from i on where no two close items are parted.
    std::size_t clear_place(std::size_t i) const {
        while (i > 0 && i < n && close(i - 1, i)) {
            ++i;
        }
        return i;
    }
};

/// Exact values of approximations, which any thread may ask for, until that takes too many.
class ExactValues {
public:
    explicit ExactValues(const Approximation& approximation) : approximation_(approximation) {}

    /// False where n more are too many.
    bool grant(std::size_t n) { return n_granted_.fetch_add(n) + n <= approximation_.budget(); }
    double operator[](std::size_t tag) const { return approximation_.exact(tag); }
    bool are_equal(const std::uint32_t* tags, std::size_t n) const {
        return approximation_.are_equal(tags, n);
    }

private:
    const Approximation& approximation_;
    std::atomic<std::size_t> n_granted_{0};
};

/// What items stand for.
struct ItemValues {
    TaggedValues values;
    Names names;
    std::size_t n_before;  ///< how many values are smaller than all of these
    ExactValues* exact;    ///< null where the values are exact

    std::uint32_t tag_of(std::uint32_t name) const {
        return names == Names::positions           ? name
               : names == Names::positions_of_tags ? values.tags[name]
                                                   : 2 * name;
    }
    double value_of(std::uint32_t name) const {
        return exact == nullptr ? values.values[name] : (*exact)[tag_of(name)];
    }
};

/// Hands the ranks of sorted items to a sink. Where keys are too close to tell, values are
/// compared, as long as exact ones are granted.
class ItemEmission {
public:
    ItemEmission(const SortedItems& items, const ItemValues& of, RankSink& sink)
        : items_(items), of_(of), runs_(sink) {}

    /// Items [begin, end), between clear places.
    RankOutcome emit(std::size_t begin, std::size_t end);

private:
    void name_tags(std::uint32_t* names, std::size_t n) const;
    void emit_separate(std::size_t begin, std::size_t end);
    bool emit_known_tie(std::size_t begin, std::size_t end);
    void emit_group(std::size_t begin, std::size_t end);

    const SortedItems& items_;
    const ItemValues& of_;
    JoinedRuns runs_;
    RankOutcome outcome_;
    /// Values of one group and their names, then tags and ranks.
    std::vector<std::pair<double, std::uint32_t>> resolved_;
    std::vector<double> group_;
    std::vector<std::uint32_t> tags_;
    std::vector<std::uint32_t> doubled_ranks_;
};

}  // namespace fastshesha
