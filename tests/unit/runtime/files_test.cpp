// Files: nothing half-written is ever at the target, and what the system refuses comes back as an
// error.
#include "runtime/io/files.h"
#include "runtime/io/json_text.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace sanku::io {
namespace {

namespace fs = std::filesystem;

class FilesTest : public ::testing::Test {
protected:
  fs::path folder_ = fs::temp_directory_path() / ("sanku_files_" + std::to_string(::getpid()));
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const char* name) { return (folder_ / name).string(); }
  std::string content(const char* name) {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t files() {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
};

TEST_F(FilesTest, WritesBesideAndRenamesLast) {
  std::ofstream(path("out")) << "old";
  const std::string big(1'000'000, 'x');
  {
    Result<OutputFile> file = OutputFile::create(path("out"));
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->write("new "));
    EXPECT_TRUE(file->write(big));
    EXPECT_EQ(content("out"), "old");
    OutputFile moved = std::move(*file);
    EXPECT_TRUE(moved.finish());
  }
  EXPECT_EQ(content("out"), "new " + big);
  EXPECT_EQ(files(), 1u);
  struct stat status{};
  ASSERT_EQ(::stat(path("out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(FilesTest, LeavesTheOldFileWhenNotFinished) {
  std::ofstream(path("out")) << "old";
  {
    Result<OutputFile> file = OutputFile::create(path("out"));
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->write("new"));
    EXPECT_EQ(files(), 2u);
  }
  EXPECT_EQ(content("out"), "old");
  EXPECT_EQ(files(), 1u);
}

TEST_F(FilesTest, FollowsALinkToItsTarget) {
  std::ofstream(path("real")) << "old";
  fs::create_symlink("real", path("link"));
  Result<OutputFile> file = OutputFile::create(path("link"));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->write("new"));
  EXPECT_TRUE(file->finish());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content("real"), "new");
}

TEST_F(FilesTest, RefusesFoldersAndPlacesThatDoNotExist) {
  for (const std::string& target : {folder_.string(), path("no/such/folder")}) {
    const Result<OutputFile> file = OutputFile::create(target);
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().en.find(target), std::string::npos);
    EXPECT_NE(file.error().zh.find("无法写入"), std::string::npos);
  }
  EXPECT_FALSE(InputFile::open(folder_.string()));
  EXPECT_FALSE(InputFile::open(path("absent")));
}

TEST_F(FilesTest, NoticesAFullDisk) {
  if (!fs::exists("/dev/full"))
    GTEST_SKIP() << "no /dev/full here";
  Result<OutputFile> file = OutputFile::create("/dev/full");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->write("buffered"));
  const Result<void> finished = file->finish();
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().en.find("/dev/full"), std::string::npos);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(FilesTest, NoticesAClosedPipe) {
  std::signal(SIGPIPE, SIG_IGN);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  Result<OutputFile> file = OutputFile::create(path("pipe"));
  ASSERT_TRUE(file);
  ::close(reader);
  EXPECT_TRUE(file->write("text"));
  EXPECT_FALSE(file->finish());
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
}

TEST_F(FilesTest, ReadsInPieces) {
  std::ofstream(path("in")) << "abcdef";
  Result<InputFile> file = InputFile::open(path("in"));
  ASSERT_TRUE(file);
  char buffer[4];
  EXPECT_EQ(file->read(buffer, 4), 4);
  EXPECT_EQ(file->read(buffer, 4), 2);
  EXPECT_EQ(std::string(buffer, 2), "ef");
  EXPECT_EQ(file->read(buffer, 4), 0);
}

TEST_F(FilesTest, WritesRejectsOnlyWhenThereAreSome) {
  RejectsWriter none(path("none"));
  EXPECT_TRUE(none.finish());
  EXPECT_EQ(files(), 0u);
  RejectsWriter some(path("some"));
  EXPECT_TRUE(some.write({.line = 3,
                          .offset = 120,
                          .reason_en = "bad \"x\"",
                          .reason_zh = "有误",
                          .text = "a\n\x01\xFF黄"}));
  EXPECT_TRUE(some.finish());
  EXPECT_EQ(some.written(), 1u);
  EXPECT_EQ(content("some"),
            "{\"line\":3,\"offset\":120,\"reason\":\"bad "
            "\\\"x\\\"\",\"reason_zh\":\"有误\",\"record\":\"a\\n\\u0001\xEF\xBF\xBD黄\"}\n");
}

} // namespace
} // namespace sanku::io
