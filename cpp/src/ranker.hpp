#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "crowded_block.hpp"
#include "rank_sink.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Average ranks by sorting integers. A monotone map turns every value into a key, packed above
/// the value's position in one 64-bit item. Items are sorted; values whose keys are equal are
/// compared as they are. Where many different values share a key (heavy tails), they are ranked
/// again on their own range, by their bits where their size did not separate them.
///
/// Ranks are handed out doubled, so that the mean rank of a tie group is an integer. Work space,
/// 8 to 16 bytes a value, is kept between calls.
class Ranker {
public:
    /// Ranks n < 2^31 values, none of them NaN.
    RankOutcome rank(const double* values, std::size_t n, RankSink& sink);

    /// Ranks and ties of the exact values that `values` stand for; incomplete where that would
    /// need too many of them. The values are overwritten.
    RankOutcome rank(double* values, std::size_t n, RankSink& sink,
                     const Approximation& approximation);

private:
    /// Values to rank, where they stand in the whole vector (null: the same place), and how many
    /// values are smaller than all of them.
    struct Subset {
        const double* values;
        const std::uint32_t* indices;
        std::size_t n;
        std::size_t n_before;
        int depth;

        std::uint32_t index_at(std::size_t position) const {
            return indices == nullptr ? static_cast<std::uint32_t>(position) : indices[position];
        }
    };
    /// Sorted items of a subset and how they are packed.
    struct Items {
        std::uint64_t* data;
        int position_bits;
        std::uint64_t key_window;

        std::uint64_t key(std::size_t i) const { return data[i] >> position_bits; }
        std::uint64_t position_mask() const { return (std::uint64_t{1} << position_bits) - 1; }
        std::size_t position(std::size_t i) const { return data[i] & position_mask(); }
        bool close(std::size_t i, std::size_t j) const { return key(j) - key(i) <= key_window; }
    };
    /// Ranked values on their way to the sink.
    struct Batch {
        static constexpr std::size_t capacity = CrowdedBlock::capacity;
        std::uint32_t indices[capacity];
        std::uint32_t doubled_ranks[capacity];
        std::size_t n = 0;
    };

    RankOutcome start(const Subset& subset, std::uint64_t* storage, RankSink& sink,
                      const Approximation* approximation);
    void rank_subset(const Subset& subset, std::uint64_t* storage);
    Items make_items(const Subset& subset, double lowest, double highest, std::uint64_t* storage);
    void emit(const Subset& subset, const Items& items);
    std::size_t emit_crowded(const Subset& subset, const Items& items, std::size_t begin,
                             std::size_t most);
    void emit_run(const Subset& subset, const Items& items, std::size_t begin, std::size_t end,
                  std::size_t doubled_rank, std::size_t step);
    void emit_separate(const Subset& subset, const Items& items, std::size_t begin,
                       std::size_t end);
    void emit_group(const Subset& subset, const Items& items, std::size_t begin, std::size_t end);
    void emit_resolved(const Subset& subset, std::size_t n_before);
    void emit_tie(const Subset& subset, std::size_t n_before, std::size_t n);
    void rank_again(const Subset& subset, std::size_t n_before);
    bool all_equal(const Subset& subset, const Items& items, std::size_t begin,
                   std::size_t end) const;
    void resolve(const Subset& subset, const Items& items, std::size_t begin, std::size_t end);
    void push(std::uint32_t index, std::size_t doubled_rank);
    void flush();

    WorkBuffer<std::uint64_t> items_;
    WorkBuffer<std::uint64_t> scratch_;
    /// Exact values of one group and their positions in the subset.
    std::vector<std::pair<double, std::size_t>> resolved_;
    CrowdedBlock crowded_;
    Batch batch_;
    RankSink* sink_ = nullptr;
    const Approximation* approximation_ = nullptr;
    std::size_t n_resolved_ = 0;
    RankOutcome outcome_;
};

}  // namespace fastshesha
