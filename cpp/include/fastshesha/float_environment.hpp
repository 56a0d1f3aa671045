#pragma once

namespace fastshesha {

/// Round to nearest with denormals kept, for as long as it lives, on the thread that made it.
/// Another library built for speed over IEEE rules may have changed the mode, thread by thread.
class FloatEnvironment {
public:
    FloatEnvironment();
    ~FloatEnvironment();
    FloatEnvironment(const FloatEnvironment&) = delete;
    FloatEnvironment& operator=(const FloatEnvironment&) = delete;

private:
    unsigned saved_ = 0;
};

}  // namespace fastshesha
