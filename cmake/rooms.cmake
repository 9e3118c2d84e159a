# A room is a folder and a static library of its own.
#
#   sanku_room(<folder> [NAME <target>] [FLAT] [NATIVE_ONLY] DEPS <target>…)
#
# The target is called sanku_<folder with _ for />. Sources are all .cpp below the folder (FLAT: in
# it, not below), found again at every build. A room without .cpp, of headers only or not there yet,
# is an INTERFACE library, so that naming it never fails. NATIVE_ONLY takes *_native.cpp alone: the
# other files of such a room exist as bitcode only (cmake/bitcode.cmake), because they call hooks
# that only generated code defines.
#
# Includes are written from the root of the project, so a room can see any header; which it may use
# is the order in CMakeLists.txt, and tests/architecture enforces it over the #include lines.

define_property(GLOBAL PROPERTY SANKU_ROOMS BRIEF_DOCS "every target made by sanku_room")

function(sanku_room folder)
  cmake_parse_arguments(PARSE_ARGV 1 room "FLAT;NATIVE_ONLY" "NAME" "DEPS")
  if(NOT room_NAME)
    string(REPLACE "/" "_" room_NAME "sanku_${folder}")
  endif()
  if(room_NATIVE_ONLY)
    set(pattern "*_native.cpp")
  else()
    set(pattern "*.cpp")
  endif()
  if(room_FLAT)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${pattern})
  else()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${pattern})
  endif()

  set_property(GLOBAL APPEND PROPERTY SANKU_ROOMS ${room_NAME})
  if(NOT sources)
    add_library(${room_NAME} INTERFACE)
    target_include_directories(${room_NAME} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${room_NAME} INTERFACE ${room_DEPS})
    return()
  endif()

  add_library(${room_NAME} STATIC ${sources})
  target_include_directories(${room_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${room_NAME} PRIVATE ${SANKU_WARNINGS})
  foreach(dep IN LISTS room_DEPS)
    if(dep IN_LIST SANKU_PRIVATE_THIRD_PARTY)
      target_link_libraries(${room_NAME} PRIVATE ${dep})
    else()
      target_link_libraries(${room_NAME} PUBLIC ${dep})
    endif()
  endforeach()
  if(LLVM IN_LIST room_DEPS)
    target_compile_definitions(${room_NAME} PRIVATE ${SANKU_LLVM_DEFINITIONS})
    sanku_precompile_llvm(${room_NAME})
  endif()
endfunction()

# Precompiled once, by the first room that uses LLVM, and shared by the others: one takes 10 s.
function(sanku_precompile_llvm name)
  get_property(first GLOBAL PROPERTY SANKU_LLVM_PRECOMPILED_BY)
  if(first)
    target_precompile_headers(${name} REUSE_FROM ${first})
  else()
    target_precompile_headers(${name} PRIVATE ${SANKU_LLVM_HEADERS})
    set_property(GLOBAL PROPERTY SANKU_LLVM_PRECOMPILED_BY ${name})
  endif()
endfunction()

# One executable of all .cpp below a folder; nothing while there are none.
function(sanku_program name)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "FROM" "DEPS")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${program_FROM}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${SANKU_WARNINGS})
  target_link_libraries(${name} PRIVATE ${program_DEPS})
endfunction()
