// Finite worlds of codes and texts. A code may be any of millions; what a rule can tell apart are
// few: the codes it names, those that its sets and tables hold, and one that is none of them. A
// domain holds these, one for each dictionary of codes and one for texts, in the order of their
// bytes, so that canonical order is the order of numbers. Filled in rounds: what is compared with a
// variable and is not there yet is wanted for the next. Entry: Domains. Tested by
// tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/prove/logic.h"
#include "runtime/schema/code_form.h"
#include "runtime/schema/schema.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sanku::prove {

// How many codes or texts a domain holds at most.
inline constexpr std::size_t most_in_domain = 320;

class Domains {
public:
  explicit Domains(const schema::Schema& schema)
      : schema_(schema), forms_(schema::code_forms(schema)) {
    rounds_.resize(count());
  }

  [[nodiscard]] std::size_t count() const { return schema_.dictionaries + 1; }
  [[nodiscard]] DomainId texts() const { return schema_.dictionaries; }
  [[nodiscard]] DomainId of(const Type& type) const;

  // For the next round: false when there is no room left.
  bool want(DomainId domain, const std::string& text);
  // Makes what is wanted the domain; whether anything was added.
  bool next_round();
  // A domain had no room for something that was wanted.
  [[nodiscard]] bool is_full(DomainId domain) const { return rounds_[domain].full; }

  // What a variable of the domain may be; numbers 0 to size - 1.
  [[nodiscard]] std::size_t size(DomainId domain) const { return rounds_[domain].chosen.size(); }
  // All texts with a number, also those that no variable may be.
  [[nodiscard]] const std::vector<std::string>& all(DomainId domain) const {
    return rounds_[domain].texts;
  }
  // A text's number; of one that is not in the domain one behind all.
  [[nodiscard]] std::uint32_t number(DomainId domain, const std::string& text);

  // Whether it is a code of that system, as far as its form says.
  [[nodiscard]] bool fits(std::uint32_t system, const std::string& code) const;
  // The shortest code of the system, or of a member, that begins so; empty: none is known.
  [[nodiscard]] std::string code_from(std::uint32_t system, const std::string& begin) const;

private:
  struct Round {
    std::set<std::string> wanted;
    std::vector<std::string> chosen, texts;
    std::map<std::string, std::uint32_t> numbers;
    bool full = false;
  };
  const schema::Schema& schema_;
  schema::CodeForms forms_;
  std::vector<Round> rounds_; // by domain
};

// The shortest text of a simple form (letters, digits, classes in brackets, counts in braces) that
// begins so; empty: it has none, or the form is not a simple one.
[[nodiscard]] std::string shortest_of(const std::string& form, const std::string& begin);

} // namespace sanku::prove
