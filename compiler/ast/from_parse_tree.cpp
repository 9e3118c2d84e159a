// The fence around ANTLR: its lexer over our characters, its parser over our tokens, its tree
// copied to Nodes, its errors noted and told by us. Nothing of it leaves this file. See
// from_parse_tree.h.
#include "compiler/ast/from_parse_tree.h"

#include "compiler/ast/build.h"
#include "compiler/ast/characters.h"
#include "compiler/ast/layout.h"
#include "compiler/ast/limits.h"
#include "compiler/ast/message.h"
#include "compiler/ast/split.h"
#include "compiler/ast/syntax_error.h"
#include "compiler/source/nfkc.h"
#include "runtime/types/check.h"

#include <antlr4-runtime.h>

#include <SankuLexer.h>
#include <SankuParser.h>
#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace sanku::ast {

namespace {

using sanku_grammar::SankuLexer;
using sanku_grammar::SankuParser;
using source::Span;

// ---- ANTLR's numbers are our names

std::string lower(std::string_view upper) {
  std::string out(upper);
  for (char& c : out)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// The word of each token type, by name, so that the order of the grammar does not matter.
std::vector<Word> words_of(const antlr4::dfa::Vocabulary& vocabulary) {
  std::vector<Word> out(vocabulary.getMaxTokenType() + 1, "eof"_w);
  for (std::size_t type = 1; type < out.size(); ++type) {
    const std::string symbol = lower(vocabulary.getSymbolicName(type));
    if (symbol == "space")
      continue; // never leaves the lexer
    const auto row = std::ranges::find(word_rows, std::string_view(symbol), &WordRow::symbol);
    check(row != std::end(word_rows), "a token of the lexer without a row in ast/words.h");
    out[type] = static_cast<Word>(row - std::begin(word_rows));
  }
  return out;
}

std::vector<Form> forms_of(const std::vector<std::string>& rules) {
  std::vector<Form> out;
  for (const std::string& rule : rules) {
    const auto name = std::ranges::find(form_names, std::string_view(rule));
    check(name != std::end(form_names), "a rule of the grammar without a name in ast/syntax.h");
    out.push_back(static_cast<Form>(name - std::begin(form_names)));
  }
  return out;
}

// ---- lexing

// Some of a text's characters as ANTLR reads them. Borrows the characters.
class CharacterStream final : public antlr4::CharStream {
public:
  explicit CharacterStream(std::u32string_view text) : text_(text) {}
  void consume() override { ++at_; }
  std::size_t LA(ssize_t i) override {
    const auto index = static_cast<ssize_t>(at_) + (i > 0 ? i - 1 : i);
    if (i == 0 || index < 0 || index >= static_cast<ssize_t>(text_.size()))
      return antlr4::IntStream::EOF;
    return text_[static_cast<std::size_t>(index)];
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = std::min(index, text_.size()); }
  std::size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return ""; }
  std::string getText(const antlr4::misc::Interval&) override { return ""; }
  std::string toString() const override { return ""; }

private:
  std::u32string_view text_;
  std::size_t at_ = 0;
};

// A name written in full width or with radicals may spell a word of the language: then it is that
// word.
Word respelt(std::string_view written) {
  const bool ascii =
      std::ranges::all_of(written, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const std::string name = ascii ? "" : source::nfkc(written);
  if (ascii || name == written)
    return "name"_w;
  const auto row = std::ranges::find_if(word_rows, [&](const WordRow& each) {
    return each.group != WordGroup::rest && (each.en == name || each.zh == name);
  });
  // `on` and `unknown` have Chinese twins further down; the first row is the English one.
  return row == std::end(word_rows) ? "name"_w : static_cast<Word>(row - std::begin(word_rows));
}

struct Lexed {
  std::vector<Token> tokens;
  std::vector<Span> comments;
};

// The tokens of a range of characters; `text` is the whole file.
Lexed lex(const Characters& characters, std::string_view text, const std::vector<Word>& words,
          std::size_t begin, std::size_t end) {
  CharacterStream stream(std::u32string_view(characters.text).substr(begin, end - begin));
  SankuLexer lexer(&stream);
  lexer.removeErrorListeners();
  Lexed out;
  for (auto token = lexer.nextToken(); token->getType() != antlr4::Token::EOF;
       token = lexer.nextToken()) {
    Token found{.word = words[token->getType()],
                .begin = characters.offsets[begin + token->getStartIndex()],
                .end = characters.offsets[begin + token->getStopIndex() + 1]};
    if (found.word == "name"_w)
      found.word = respelt(text.substr(found.begin, found.end - found.begin));
    if (found.word == "comment"_w)
      out.comments.push_back({0, found.begin, found.end});
    else
      out.tokens.push_back(found);
  }
  return out;
}

// ---- parsing

// Thrown through ANTLR's code and caught in this file.
struct Stopped {};

// Notes the first mistake and stops: a declaration is the unit of failure, so nothing is guessed
// behind it.
class StopAtFirst final : public antlr4::DefaultErrorStrategy {
public:
  std::size_t token = 0;
  antlr4::misc::IntervalSet expected;

  void recover(antlr4::Parser* parser, std::exception_ptr) override {
    stop(parser, failed_at_ ? failed_at_ : parser->getCurrentToken());
  }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    stop(parser, parser->getCurrentToken());
  }
  void sync(antlr4::Parser* parser) override {
    const antlr4::atn::ATN& atn = parser->getInterpreter<antlr4::atn::ATNSimulator>()->atn;
    const antlr4::misc::IntervalSet& next = atn.nextTokens(atn.states[parser->getState()]);
    if (next.contains(antlr4::Token::EPSILON) ||
        next.contains(parser->getCurrentToken()->getType()))
      return;
    stop(parser, parser->getCurrentToken());
  }
  void reportError(antlr4::Parser*, const antlr4::RecognitionException& e) override {
    failed_at_ = e.getOffendingToken();
  }

private:
  antlr4::Token* failed_at_ = nullptr;

  [[noreturn]] void stop(antlr4::Parser* parser, antlr4::Token* at) {
    token = at->getTokenIndex();
    // What may follow is known only where the parser stands; after a longer look ahead it stands
    // further back.
    if (at == parser->getCurrentToken())
      expected = parser->getExpectedTokens();
    throw Stopped{};
  }
};

// Levels of the expression grammar that only pass their one child on.
bool passes_on(Form form) {
  constexpr std::array levels{"expression"_f, "negation"_f, "comparison"_f, "operand"_f, "sum"_f,
                              "product"_f,    "prefix"_f,   "postfix"_f,    "primary"_f};
  return std::ranges::find(levels, form) != levels.end();
}

// One file being parsed: its characters, its tokens, and the tables from ANTLR's numbers to names.
struct Parsing {
  const source::SourceMap& map;
  std::uint32_t file;
  const Characters& characters;
  diag::Diagnostics& diags;
  std::vector<Word> words;
  std::vector<Form> forms;
  std::map<Word, std::size_t> types = {};

  [[nodiscard]] std::string_view text() const { return map.files[file].text; }

  [[nodiscard]] std::optional<Node> parse(std::span<const Token> tokens, bool hole);
  [[nodiscard]] Node node_of(antlr4::tree::ParseTree& tree, std::span<const Token> tokens);
  void parse_holes(Node& string);
};

std::vector<std::unique_ptr<antlr4::Token>> antlr_tokens(std::span<const Token> tokens,
                                                         const std::map<Word, std::size_t>& types) {
  std::vector<std::unique_ptr<antlr4::Token>> out;
  for (const Token& token : tokens)
    out.push_back(std::make_unique<antlr4::CommonToken>(types.at(token.word)));
  out.push_back(std::make_unique<antlr4::CommonToken>(antlr4::Token::EOF));
  return out;
}

// Signs and units of one character, `%`, are alike in both.
bool has_spelling(Word word) {
  const WordRow& row = row_of(word);
  return row.group != WordGroup::sign && row.group != WordGroup::rest && row.en != row.zh;
}
bool spells_chinese(std::span<const Token> tokens, std::string_view text) {
  std::ptrdiff_t more = 0;
  for (const Token& token : tokens)
    if (has_spelling(token.word))
      more += static_cast<unsigned char>(text[token.begin]) < 0x80 ? -1 : 1;
  return more > 0;
}

// The tree of one declaration or hole; none when a mistake was reported.
std::optional<Node> Parsing::parse(std::span<const Token> tokens, bool hole) {
  antlr4::ListTokenSource list(antlr_tokens(tokens, types));
  antlr4::CommonTokenStream stream(&list);
  SankuParser parser(&stream);
  parser.removeErrorListeners();
  const auto strategy = std::make_shared<StopAtFirst>();
  parser.setErrorHandler(strategy);
  for (const auto mode : {antlr4::atn::PredictionMode::SLL, antlr4::atn::PredictionMode::LL}) {
    parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
    try {
      antlr4::tree::ParseTree* tree =
          hole ? static_cast<antlr4::tree::ParseTree*>(parser.hole()) : parser.declaration();
      return node_of(*tree, tokens);
    } catch (const Stopped&) {
      stream.seek(0);
      parser.reset();
    }
  }
  const std::uint32_t end = tokens.empty() ? 0 : tokens.back().end;
  const Token last{.word = "eof"_w, .begin = tokens.empty() ? 0 : tokens.back().begin, .end = end};
  SyntaxError error{.found = strategy->token < tokens.size() ? tokens[strategy->token] : last,
                    .before = strategy->token > 0 && strategy->token <= tokens.size()
                                  ? tokens[strategy->token - 1]
                                  : Token{"eof"_w},
                    .expected = {},
                    .chinese = spells_chinese(tokens, text())};
  for (const ssize_t type : strategy->expected.toList()) {
    error.expected.push_back(type > 0 ? words[static_cast<std::size_t>(type)] : "eof"_w);
  }
  report_syntax_error(error, file, text(), diags);
  return std::nullopt;
}

Node Parsing::node_of(antlr4::tree::ParseTree& tree, std::span<const Token> tokens) {
  Node node;
  if (antlrcpp::is<antlr4::tree::TerminalNode*>(&tree)) {
    auto& terminal = static_cast<antlr4::tree::TerminalNode&>(tree);
    const std::size_t index = terminal.getSymbol()->getTokenIndex();
    if (index < tokens.size()) {
      node.word = tokens[index].word;
      node.span = {file, tokens[index].begin, tokens[index].end};
    } else if (!tokens.empty()) {
      node.span = {file, tokens.back().end, tokens.back().end};
    }
    return node;
  }
  const auto& context = static_cast<antlr4::ParserRuleContext&>(tree);
  node.form = forms[context.getRuleIndex()];
  if (passes_on(node.form) && context.children.size() == 1)
    return node_of(*context.children.front(), tokens);
  for (antlr4::tree::ParseTree* child : context.children)
    node.children.push_back(node_of(*child, tokens));
  if (!node.children.empty())
    node.span = cover(node.children.front().span, node.children.back().span);
  // A rule that matched nothing, such as an empty list, would otherwise end before it begins.
  if (node.is("report"_f) && node.children.back().is("string"_w))
    parse_holes(node.children.back());
  return node;
}

// A message's holes become children of its token: a node `hole` each, or an empty one where
// something was reported.
void Parsing::parse_holes(Node& string) {
  for (const MessagePiece& piece : split_message(source::text_of(map, string.span))) {
    if (!piece.hole)
      continue;
    const Span span{file, string.span.begin + static_cast<std::uint32_t>(piece.begin),
                    string.span.begin + static_cast<std::uint32_t>(piece.end)};
    Node hole{.form = "hole"_f, .span = span, .children = {}};
    if (!piece.closed) {
      diag::report<"unclosed_hole">(diags, {file, span.begin - 1, span.begin});
    } else {
      Lexed lexed = lex(characters, text(), words, character_at(characters, span.begin),
                        character_at(characters, span.end));
      const std::size_t before = diags.all.size();
      check_tokens(lexed.tokens, file, text(), diags);
      if (lexed.tokens.empty()) {
        diag::report<"unexpected">(
            diags, {file, span.begin - 1, span.end + 1}, "`{}`",
            diag::Words{"花括号中的表达式", "an expression between the braces"});
      } else if (brackets_match(lexed.tokens, file, text(), diags) && diags.all.size() == before) {
        if (auto parsed = parse(lexed.tokens, true))
          hole = std::move(*parsed);
      }
      hole.span = span;
    }
    string.children.push_back(std::move(hole));
  }
}

void count_spellings(File& file, const std::vector<Token>& tokens, std::string_view text) {
  for (const Token& token : tokens) {
    if (!has_spelling(token.word))
      continue;
    const bool ascii = static_cast<unsigned char>(text[token.begin]) < 0x80;
    ++(ascii ? file.en_words : file.zh_words);
  }
}

File parse_pieces(const source::SourceMap& map, std::uint32_t source, diag::Diagnostics& diags) {
  File file{
      .source = source, .decls = {}, .comments = {}, .blank_lines = {}, .trailing_comments = {}};
  const std::optional<Characters> characters = characters_of(map, source, diags);
  if (!characters)
    return file;
  antlr4::ListTokenSource none(antlr_tokens({}, {}));
  antlr4::CommonTokenStream stream(&none);
  SankuParser tables(&stream);
  Parsing parsing{.map = map,
                  .file = source,
                  .characters = *characters,
                  .diags = diags,
                  .words = words_of(tables.getVocabulary()),
                  .forms = forms_of(tables.getRuleNames())};
  for (std::size_t type = 1; type < parsing.words.size(); ++type)
    parsing.types.emplace(parsing.words[type], type);
  Lexed lexed = lex(*characters, map.files[source].text, parsing.words, 0, characters->text.size());
  add_layout(file, map.files[source], lexed.comments);
  count_spellings(file, lexed.tokens, map.files[source].text);
  std::set<std::uint32_t> foreign; // places already reported: their declaration is left out
  for (const Token& token : lexed.tokens) {
    if (token.word == "foreign"_w)
      foreign.insert(token.begin);
  }
  check_tokens(lexed.tokens, source, map.files[source].text, diags);

  Builder build{.map = map, .diags = diags};
  const std::size_t first = diags.all.size();
  for (const Piece& piece : split(lexed.tokens, source, map.files[source].text, diags)) {
    const std::span tokens =
        std::span<const Token>(lexed.tokens).subspan(piece.begin, piece.end - piece.begin);
    // Every diagnostic made here is an error.
    const std::size_t before = diags.all.size();
    if (before - first > max_syntax_errors) {
      diag::report<"too_many_errors">(diags, {source, tokens.front().begin, tokens.front().end},
                                      max_syntax_errors);
      break;
    }
    const std::optional<Node> node = parsing.parse(tokens, false);
    if (!node)
      continue;
    std::vector<Decl> decls = build_declarations(build, *node);
    const auto reported = foreign.lower_bound(tokens.front().begin);
    const bool written_foreign = reported != foreign.end() && *reported < tokens.back().end;
    if (!written_foreign && diags.all.size() == before)
      for (Decl& decl : decls)
        file.decls.push_back(std::move(decl));
  }
  attach_comments(file, map.files[source]);
  return file;
}

} // namespace

File parse(const source::SourceMap& map, std::uint32_t file, diag::Diagnostics& diags) {
  try {
    return parse_pieces(map, file, diags);
  } catch (const std::exception& e) {
    check(false, e.what());
  } catch (...) {
    check(false, "the generated parser threw something unknown");
  }
  unreachable("check ends the program");
}

} // namespace sanku::ast
