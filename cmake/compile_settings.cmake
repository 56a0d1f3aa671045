include(CheckCXXCompilerFlag)

# GCC zeroes arrays of known size by string instructions, which take some forty cycles to start: half
# of what it takes to turn a tile of products into distances. The library's function takes a few.
set(zeroing_by_library -mmemset-strategy=libcall:-1:noalign)
check_cxx_compiler_flag(${zeroing_by_library} FASTSHESHA_HAS_MEMSET_STRATEGY)

# Every target of ours is compiled with the same settings; only the kernel objects add flags of an
# instruction set.
function(fastshesha_compile_settings target)
  target_compile_options(
    ${target}
    PRIVATE -O3
            -Wall
            -Wextra
            -Wconversion
            -Wshadow
            # A fused multiply-add rounds once where SciPy rounds twice.
            -ffp-contract=off
            # Only drops errno and exception flags; results keep their bits.
            -fno-math-errno
            -fno-trapping-math)
  if(FASTSHESHA_HAS_MEMSET_STRATEGY)
    target_compile_options(${target} PRIVATE ${zeroing_by_library})
  endif()
  if(FASTSHESHA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
