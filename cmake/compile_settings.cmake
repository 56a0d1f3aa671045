include(CheckCXXCompilerFlag)

# GCC zeroes and copies arrays of known size by string instructions, which take some forty cycles to
# start: half of what it takes to turn a tile of products into distances. The library's functions
# take a few.
set(string_settings -mmemset-strategy=libcall:-1:noalign -mmemcpy-strategy=libcall:-1:noalign)
check_cxx_compiler_flag("${string_settings}" FASTSHESHA_HAS_STRING_SETTINGS)

# Every target of ours is compiled with the same settings; only the kernel objects add -m flags.
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
  if(FASTSHESHA_HAS_STRING_SETTINGS)
    target_compile_options(${target} PRIVATE ${string_settings})
  endif()
  if(FASTSHESHA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
