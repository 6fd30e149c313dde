# mlsd::reproducible, to link where the bits of users' own kernels must agree between builds: no contraction of a*b+c.
# Nothing links it unasked. One file, for the build, for the installed package and for Conan.
if(NOT TARGET mlsd::reproducible)
  add_library(mlsd::reproducible INTERFACE IMPORTED GLOBAL)
  set_property(
    TARGET mlsd::reproducible
    PROPERTY INTERFACE_COMPILE_OPTIONS
             "$<$<COMPILE_LANG_AND_ID:CXX,GNU,Clang,AppleClang>:-ffp-contract=off>"
             "$<$<COMPILE_LANG_AND_ID:CXX,MSVC>:/fp:precise>")
endif()
