# ANTLR: the grammar becomes a library of generated code, which one source file of ours may see.
#
#   sanku_grammar(<target> LEXER <file> PARSER <file>)
#
# Generated without listener and visitor: the parse tree is read by plain typed functions. The code
# that Debian's tool (4.7.2) generates is C++17 (its u8"" literals are another type in C++20) and is
# not ours to warn about.

function(sanku_grammar name)
  cmake_parse_arguments(PARSE_ARGV 1 grammar "" "LEXER;PARSER" "")
  set(lexer ${CMAKE_SOURCE_DIR}/${grammar_LEXER})
  set(parser ${CMAKE_SOURCE_DIR}/${grammar_PARSER})
  cmake_path(GET lexer PARENT_PATH folder)
  # The glob makes a build that began without a grammar notice one.
  file(GLOB present CONFIGURE_DEPENDS ${folder}/*.g4)
  if(NOT EXISTS ${lexer} OR NOT EXISTS ${parser})
    add_library(${name} INTERFACE)
    return()
  endif()

  find_program(SANKU_ANTLR antlr4 REQUIRED)
  cmake_path(GET lexer STEM lexer_stem)
  cmake_path(GET parser STEM parser_stem)
  cmake_path(GET lexer FILENAME lexer_file)
  cmake_path(GET parser FILENAME parser_file)
  set(generated ${CMAKE_BINARY_DIR}/grammar)
  set(outputs)
  foreach(stem IN ITEMS ${lexer_stem} ${parser_stem})
    list(APPEND outputs ${generated}/${stem}.cpp ${generated}/${stem}.h)
  endforeach()
  file(MAKE_DIRECTORY ${generated})
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${SANKU_ANTLR} -Dlanguage=Cpp -no-listener -no-visitor -Werror
            -package sanku_grammar -o ${generated} ${lexer_file} ${parser_file}
    DEPENDS ${lexer} ${parser}
    WORKING_DIRECTORY ${folder}
    COMMENT "ANTLR ${lexer_file} ${parser_file}"
    VERBATIM)

  find_path(SANKU_ANTLR_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
  find_library(SANKU_ANTLR_LIBRARY antlr4-runtime REQUIRED)
  add_library(${name} STATIC ${outputs})
  set_target_properties(${name} PROPERTIES CXX_STANDARD 17)
  target_compile_options(${name} PRIVATE -w)
  target_include_directories(${name} SYSTEM PUBLIC ${generated} ${SANKU_ANTLR_INCLUDE})
  target_link_libraries(${name} PUBLIC ${SANKU_ANTLR_LIBRARY})
endfunction()
