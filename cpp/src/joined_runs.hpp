#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "interrupt.hpp"
#include "rank_sink.hpp"

namespace fastshesha {

/// Passes ranked values on to a sink, short runs of them together. Flush it after the last.
class JoinedRuns {
public:
    explicit JoinedRuns(RankSink& sink) : sink_(sink) {}

    void accept(const std::uint32_t* tags, const std::uint32_t* doubled_ranks, std::size_t n) {
        if (n > longest_run) {
            flush();
            sink_.accept(tags, doubled_ranks, n);
            return;
        }
        make_room(n);
        std::copy_n(tags, n, tags_.data() + n_);
        std::copy_n(doubled_ranks, n, doubled_ranks_.data() + n_);
        n_ += n;
    }

    /// Doubled ranks rise from `doubled_rank` in steps of 2.
    void accept_separate(const std::uint32_t* tags, std::uint32_t doubled_rank, std::size_t n) {
        if (n > longest_run) {
            flush();
            sink_.accept_separate(tags, doubled_rank, n);
            return;
        }
        make_room(n);
        std::copy_n(tags, n, tags_.data() + n_);
        for (std::size_t k = 0; k < n; ++k) {
            doubled_ranks_[n_ + k] = doubled_rank + 2 * static_cast<std::uint32_t>(k);
        }
        n_ += n;
    }

    void flush() {
        check_interrupt_of_thread();
        if (n_ > 0) {
            sink_.accept(tags_.data(), doubled_ranks_.data(), n_);
            n_ = 0;
        }
    }

private:
    static constexpr std::size_t longest_run = 64;

    void make_room(std::size_t n) {
        if (n_ + n > tags_.size()) {
            flush();
        }
    }

    RankSink& sink_;
    std::size_t n_ = 0;
    std::array<std::uint32_t, 1024> tags_;
    std::array<std::uint32_t, 1024> doubled_ranks_;
};

}  // namespace fastshesha
