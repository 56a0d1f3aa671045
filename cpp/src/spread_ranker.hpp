#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "condensed_scan.hpp"
#include "joined_runs.hpp"
#include "rank_maps.hpp"
#include "rank_sink.hpp"
#include "value_buckets.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Average ranks of values that are spread: nearly all of them differ, and an even map of their
/// range onto integers tells most apart. Such a key is packed above a name of the value, its
/// position or half its tag, in one 64-bit item; items are sorted, and where keys are too close to
/// tell, values are compared.
///
/// Names of very many values would leave keys so few bits that too many approximations lie too
/// close to tell: those are dealt into buckets first.
///
/// Ranks are handed out doubled. Work space, 8 to 16 bytes a value, is kept between calls.
class SpreadRanker {
public:
    /// Whether values are spread, by a sorted sample of them. Others are ranked rightly, too, but
    /// slowly.
    static bool serves(std::span<const double> sample, const ValueRange& range, std::size_t n);

    /// Ranks n < 2^31 values that serves() has let through and the range holds: others would get
    /// keys that overflow.
    RankOutcome rank(const TaggedValues& values, const ValueRange& range, RankSink& sink);

    /// Ranks of the exact values that others, which are overwritten, stand for; incomplete where
    /// that would need too many exact ones or their range is empty. With tags, even ones up to
    /// 2 n that all differ, exact values are asked for by them.
    RankOutcome rank(double* values, std::size_t n, RankSink& sink,
                     const Approximation& approximation, const std::uint32_t* tags = nullptr);

private:
    /// What values are called in their items. Exact ones are found by position.
    enum class Names { positions, positions_of_tags, half_tags };
    /// Sorted items and how they are packed.
    struct Items {
        std::uint64_t* data;
        std::size_t n;
        int name_bits;
        std::uint64_t key_window;

        std::uint64_t key(std::size_t i) const { return data[i] >> name_bits; }
        std::uint32_t name(std::size_t i) const {
            const std::uint64_t mask = (std::uint64_t{1} << name_bits) - 1;
            return static_cast<std::uint32_t>(data[i] & mask);
        }
        bool close(std::size_t i, std::size_t j) const { return key(j) - key(i) <= key_window; }
    };

    void start(std::size_t n, RankSink& sink, const Approximation* approximation);
    void rank_dealt(const TaggedValues& values, std::uint64_t* storage);
    void sort_and_emit(const TaggedValues& values, const ValueRange& range, std::uint64_t* storage);
    void emit(const Items& items);
    void name_tags(std::uint32_t* names, std::size_t n) const;
    void emit_separate(const Items& items, std::size_t begin, std::size_t end);
    bool emit_known_tie(const Items& items, std::size_t begin, std::size_t end);
    void emit_group(const Items& items, std::size_t begin, std::size_t end);
    std::uint64_t key_window(const ValueMap& map) const;
    std::uint32_t tag_of(std::uint32_t name) const {
        return names_ == Names::positions           ? name
               : names_ == Names::positions_of_tags ? values_.tags[name]
                                                    : 2 * name;
    }

    WorkBuffer<std::uint64_t> items_;
    WorkBuffer<std::uint64_t> scratch_;
    /// Values of one group and their names, then tags and ranks.
    std::vector<std::pair<double, std::uint32_t>> resolved_;
    std::vector<double> group_;
    std::vector<std::uint32_t> tags_;
    std::vector<std::uint32_t> doubled_ranks_;
    TaggedValues values_{};
    /// How many values are smaller than all of these.
    std::size_t n_before_ = 0;
    ValueBuckets buckets_;
    JoinedRuns runs_;
    const Approximation* approximation_ = nullptr;
    Names names_ = Names::positions;
    std::size_t n_resolved_ = 0;
    RankOutcome outcome_;
};

}  // namespace fastshesha
