// Walks the tokens once with a stack of open brackets. See split.h.
#include "compiler/ast/split.h"

#include "compiler/ast/limits.h"
#include "compiler/diag/nearest.h"
#include "compiler/source/utf8.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::ast {

namespace {

using source::Span;

bool is_declaration(Word word) { return row_of(word).group == WordGroup::declaration; }

std::optional<Word> closer_of(Word word) {
  if (word == "open_brace"_w)
    return "close_brace"_w;
  if (word == "open_paren"_w)
    return "close_paren"_w;
  if (word == "open_bracket"_w)
    return "close_bracket"_w;
  return std::nullopt;
}

bool is_closer(Word word) {
  return word == "close_brace"_w || word == "close_paren"_w || word == "close_bracket"_w;
}

// The open brackets of a declaration, and what was wrong with them. Only the first mistake is told.
struct Brackets {
  std::uint32_t file;
  std::string_view text;
  diag::Diagnostics& diags;
  std::vector<Token> open;
  bool broken = false;

  [[nodiscard]] Span span(const Token& token) const { return {file, token.begin, token.end}; }
  [[nodiscard]] std::string_view text_of(const Token& token) const {
    return text.substr(token.begin, token.end - token.begin);
  }

  void push(const Token& token) {
    open.push_back(token);
    if (open.size() <= max_depth)
      return;
    if (!broken)
      diag::report<"nested_too_deeply">(diags, span(token), max_depth);
    broken = true;
  }

  // False when the closer closes nothing.
  bool pop(const Token& token) {
    if (open.empty())
      return false;
    const Word expected = *closer_of(open.back().word);
    if (expected != token.word) {
      if (!broken) {
        diag::report<"mismatched_bracket">(diags, span(token), text_of(token), row_of(expected).en)
            .label(span(open.back()), "左括号在此", "opened here");
      }
      broken = true;
      const auto partner = std::find_if(open.rbegin(), open.rend(), [&](const Token& each) {
        return *closer_of(each.word) == token.word;
      });
      if (partner == open.rend())
        return true;
      open.erase(partner.base(), open.end());
    }
    open.pop_back();
    return true;
  }

  void finish() {
    if (open.empty() || broken)
      return;
    diag::report<"unclosed_bracket">(diags, span(open.back()), text_of(open.back()),
                                     row_of(*closer_of(open.back().word)).en);
    broken = true;
  }
};

struct Splitter {
  std::span<const Token> tokens;
  std::uint32_t file;
  std::string_view text;
  diag::Diagnostics& diags;

  [[nodiscard]] Word word(std::size_t at) const {
    return at < tokens.size() ? tokens[at].word : "eof"_w;
  }
  [[nodiscard]] Span span(std::size_t at) const { return {file, tokens[at].begin, tokens[at].end}; }

  // A word that begins a declaration, unless a name has to stand where it stands.
  [[nodiscard]] bool begins_declaration(std::size_t at) const {
    return is_declaration(word(at)) && (follows_no_name(at) || begins_line_and_declaration(at));
  }

  // Whether the token in front of this one does not ask for a name.
  [[nodiscard]] bool follows_no_name(std::size_t at) const {
    const Word before = at == 0 ? "end"_w : word(at - 1);
    return before != "slash"_w && before != "equal"_w && before != "comma"_w && before != "of"_w &&
           !is_declaration(before);
  }

  // A name at the very beginning of a line, outside of brackets, is probably a declaration's word
  // misspelt.
  [[nodiscard]] bool begins_line_with_name(std::size_t at) const {
    return word(at) == "name"_w && begins_line(at) && follows_no_name(at);
  }

  [[nodiscard]] bool begins_line(std::size_t at) const {
    const std::uint32_t begin = tokens[at].begin;
    return begin == 0 || text[begin - 1] == '\n';
  }

  // Inside open brackets only a declaration's word at the very beginning of a line, followed by a
  // name or a title, counts.
  [[nodiscard]] bool begins_line_and_declaration(std::size_t at) const {
    if (!is_declaration(word(at)))
      return false;
    if (!begins_line(at))
      return false;
    const WordGroup next = row_of(word(at + 1)).group;
    return next != WordGroup::sign && word(at + 1) != "eof"_w;
  }

  // Whether it is an overlay whose braces come out even: declarations of its body may then stand at
  // the beginning of a line.
  [[nodiscard]] bool is_closed_overlay(std::size_t begin) const {
    if (word(begin) != "overlay"_w)
      return false;
    std::size_t open = 0;
    for (std::size_t at = begin; at < tokens.size(); ++at) {
      if (word(at) == "open_brace"_w) {
        ++open;
      } else if (word(at) == "close_brace"_w) {
        if (open <= 1)
          return open == 1;
        --open;
      } else if (open == 0 && at > begin && begins_line_and_declaration(at)) {
        return false;
      }
    }
    return false;
  }

  Piece take(std::size_t begin) {
    Piece piece{.begin = begin, .end = begin + 1};
    const bool holds_lines = is_closed_overlay(begin);
    Brackets brackets{.file = file, .text = text, .diags = diags, .open = {}};
    if (closer_of(word(begin)))
      brackets.push(tokens[begin]);
    for (; piece.end < tokens.size(); ++piece.end) {
      const Token& token = tokens[piece.end];
      const bool ends =
          brackets.open.empty()
              ? (piece.end > begin + 1 || begins_line(piece.end)) &&
                    (begins_declaration(piece.end) || begins_line_with_name(piece.end))
              : !holds_lines && begins_line_and_declaration(piece.end);
      if (ends)
        break;
      if (closer_of(token.word)) {
        brackets.push(token);
      } else if (is_closer(token.word)) {
        if (!brackets.pop(token))
          break;
        if (brackets.open.empty() && token.word == "close_brace"_w) {
          ++piece.end;
          break;
        }
      }
    }
    if (word(piece.end) == "end"_w)
      ++piece.end;
    const bool cut_string =
        std::ranges::any_of(tokens.subspan(begin, piece.end - begin), [](const Token& token) {
          return token.word == "unclosed_string"_w || token.word == "stray"_w;
        });
    if (!cut_string)
      brackets.finish();
    piece.parse = !brackets.broken && !cut_string;
    if (piece.parse && piece.end - begin > max_tokens) {
      diag::report<"declaration_too_long">(diags, span(begin), max_tokens);
      piece.parse = false;
    }
    return piece;
  }

  void report_unknown(const Piece& piece) {
    const std::string_view found =
        text.substr(tokens[piece.begin].begin, tokens[piece.begin].end - tokens[piece.begin].begin);
    diag::Diagnostic& unknown =
        diag::report<"expected_declaration">(diags, span(piece.begin), found.substr(0, 60));
    std::vector<std::string_view> candidates;
    for (const WordRow& row : word_rows) {
      if (row.group == WordGroup::declaration)
        candidates.push_back(row.en), candidates.push_back(row.zh);
    }
    if (const auto near = diag::nearest(found, candidates)) {
      unknown
          .help(fmt::format("您是否想写 `{}`？", *near), fmt::format("did you mean `{}`?", *near))
          .fix(span(piece.begin), *near);
    }
  }
};

// The word to write for one of another language.
std::pair<Word, std::string_view> ours_for(std::string_view foreign) {
  if (foreign == "<>")
    return {"not_equal"_w, "!="};
  if (foreign == "&&")
    return {"and"_w, "and"};
  if (foreign == "||")
    return {"or"_w, "or"};
  if (foreign == "!" || foreign == "！")
    return {"not"_w, "not"};
  return {"equal"_w, "="};
}

} // namespace

void check_tokens(std::vector<Token>& tokens, std::uint32_t file, std::string_view text,
                  diag::Diagnostics& diags) {
  std::size_t errors = 0;
  std::uint32_t stray_end = UINT32_MAX; // where the last run of strays ended
  for (Token& token : tokens) {
    const Span span{file, token.begin, token.end};
    const std::string_view found = text.substr(token.begin, token.end - token.begin);
    const bool first_stray = token.word == "stray"_w && stray_end != token.begin;
    if (token.word == "stray"_w)
      stray_end = token.end;
    if (token.word != "foreign"_w && token.word != "unclosed_string"_w && !first_stray)
      continue;
    if (++errors > max_lexical_errors)
      continue;
    if (token.word == "foreign"_w) {
      const auto [word, write] = ours_for(found);
      diag::report<"foreign_operator">(diags, span, found, write)
          .fix(span, std::string(write) + (row_of(word).group == WordGroup::expression ? " " : ""));
      token.word = word;
    } else if (token.word == "unclosed_string"_w) {
      const std::size_t size = source::decode(found, 0).size;
      const std::string_view opener = found.substr(0, size);
      const std::string_view closer = opener == "“" ? "”" : opener == "「" ? "」" : opener;
      diag::report<"unclosed_string">(
          diags, {file, token.begin, token.begin + static_cast<std::uint32_t>(size)}, closer);
    } else {
      diag::report<"stray_character">(diags, span, found);
    }
  }
  if (errors > max_lexical_errors)
    diag::report<"too_many_errors">(diags, {file, 0, 0}, max_lexical_errors);
}

std::vector<Piece> split(std::span<const Token> tokens, std::uint32_t file, std::string_view text,
                         diag::Diagnostics& diags) {
  Splitter splitter{.tokens = tokens, .file = file, .text = text, .diags = diags};
  std::vector<Piece> pieces;
  std::size_t reported = 0;
  for (std::size_t at = 0; at < tokens.size();) {
    const Word word = tokens[at].word;
    if (is_closer(word) || !is_declaration(word)) {
      // Text before the first declaration, or after one that ended too early: told once, skipped up
      // to the next declaration.
      if (++reported <= max_lexical_errors && word != "stray"_w && word != "unclosed_string"_w) {
        if (is_closer(word))
          diag::report<"stray_closer">(diags, splitter.span(at), row_of(word).en)
              .fix(splitter.span(at), "");
        else
          splitter.report_unknown({.begin = at, .end = at + 1});
      }
      if (is_closer(word))
        ++at;
      else
        at = splitter.take(at).end;
      continue;
    }
    const Piece piece = splitter.take(at);
    if (piece.parse)
      pieces.push_back(piece);
    at = piece.end;
  }
  return pieces;
}

bool brackets_match(std::span<const Token> tokens, std::uint32_t file, std::string_view text,
                    diag::Diagnostics& diags) {
  Brackets brackets{.file = file, .text = text, .diags = diags, .open = {}};
  for (const Token& token : tokens) {
    if (closer_of(token.word)) {
      brackets.push(token);
    } else if (is_closer(token.word) && !brackets.pop(token)) {
      diag::report<"stray_closer">(diags, brackets.span(token), row_of(token.word).en);
      return false;
    }
  }
  brackets.finish();
  return !brackets.broken;
}

} // namespace sanku::ast
