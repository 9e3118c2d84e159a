// See domain.h.
#include "compiler/prove/domain.h"

namespace sanku::prove {
namespace {

// One place of a form: which characters may stand there, and how often.
struct Place {
  std::string first;   // the smallest of them
  std::string allowed; // all
  std::size_t least = 1, most = 1;
};

// The characters of a class without its brackets: single ones and ranges.
std::string members(const std::string& inside) {
  std::string all;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (i + 2 < inside.size() && inside[i + 1] == '-') {
      for (int c = inside[i]; c <= inside[i + 2]; ++c)
        all += static_cast<char>(c);
      i += 2;
    } else {
      all += inside[i];
    }
  }
  return all;
}

bool is_plain(char c) { return std::string_view("\\^$.|?*+()").find(c) == std::string_view::npos; }

// Empty: not a simple form.
std::vector<Place> places(const std::string& form) {
  std::vector<Place> made;
  for (std::size_t i = 0; i < form.size();) {
    Place place;
    if (form[i] == '[') {
      const std::size_t end = form.find(']', i);
      if (end == std::string::npos || form[i + 1] == '^')
        return {};
      place.allowed = members(form.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (is_plain(form[i])) {
      place.allowed = form[i++];
    } else {
      return {};
    }
    if (i < form.size() && form[i] == '{') {
      const std::size_t end = form.find('}', i);
      if (end == std::string::npos)
        return {};
      const std::string counts = form.substr(i + 1, end - i - 1);
      const std::size_t comma = counts.find(',');
      place.least = std::stoul(counts);
      place.most = comma == std::string::npos  ? place.least
                   : comma + 1 < counts.size() ? std::stoul(counts.substr(comma + 1))
                                               : place.least + 64;
      i = end + 1;
    }
    if (place.allowed.empty())
      return {};
    made.push_back(std::move(place));
  }
  return made;
}

} // namespace

std::string shortest_of(const std::string& form, const std::string& begin) {
  std::string made;
  for (const Place& place : places(form)) {
    std::size_t count = 0;
    while (count < place.most && made.size() < begin.size() &&
           place.allowed.find(begin[made.size()]) != std::string::npos) {
      made += begin[made.size()];
      ++count;
    }
    for (; count < place.least; ++count)
      made += place.allowed.find('0') != std::string::npos ? '0' : place.allowed.front();
  }
  return made.starts_with(begin) ? made : std::string();
}

DomainId Domains::of(const Type& type) const {
  return type.kind == Kind::code ? schema_.systems[type.domain].dictionary : texts();
}

bool Domains::want(DomainId domain, const std::string& text) {
  Round& round = rounds_[domain];
  if (round.wanted.contains(text))
    return true;
  if (round.wanted.size() >= most_in_domain) {
    round.full = true;
    return false;
  }
  round.wanted.insert(text);
  return true;
}

bool Domains::next_round() {
  bool more = false;
  for (Round& round : rounds_) {
    more = more || round.chosen.size() != round.wanted.size();
    round.chosen.assign(round.wanted.begin(), round.wanted.end());
    round.texts = round.chosen;
    round.numbers.clear();
    for (std::uint32_t i = 0; i < round.chosen.size(); ++i)
      round.numbers.emplace(round.chosen[i], i);
  }
  return more;
}

std::uint32_t Domains::number(DomainId domain, const std::string& text) {
  Round& round = rounds_[domain];
  const auto [place, added] =
      round.numbers.emplace(text, static_cast<std::uint32_t>(round.texts.size()));
  if (added)
    round.texts.push_back(text);
  return place->second;
}

bool Domains::fits(std::uint32_t system, const std::string& code) const {
  const schema::CodeSystem& of = schema_.systems[system];
  for (const std::uint32_t member : of.members)
    if (fits(member, code))
      return true;
  if (!of.members.empty())
    return false;
  return !forms_[system] || forms_[system]->fits(code);
}

std::string Domains::code_from(std::uint32_t system, const std::string& begin) const {
  const schema::CodeSystem& of = schema_.systems[system];
  for (const std::uint32_t member : of.members)
    if (std::string made = code_from(member, begin); !made.empty())
      return made;
  if (!of.members.empty())
    return {};
  if (fits(system, begin) && !begin.empty())
    return begin;
  if (of.form.empty())
    return begin.empty() ? "X1" : begin;
  std::string made = shortest_of(of.form, begin);
  return fits(system, made) ? made : std::string();
}

} // namespace sanku::prove
