// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/point_states.h>

#include <boost/archive/archive_exception.hpp>
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/crc.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <sstream>
#include <utility>

namespace seem::law
{
  namespace
  {
    /// In front of the archive. The checksum is looked at first: the archive is only read whole.
    struct Header
    {
      char magic[8] = {'s', 'e', 'e', 'm', 'p', 't', 's', '\0'};
      std::uint32_t version = 1; ///< of the archive's content; another one is refused
      std::uint32_t crc = 0;     ///< of the archive
    };

    std::uint32_t checksum(const std::string &bytes)
    {
      boost::crc_32_type crc;
      crc.process_bytes(bytes.data(), bytes.size());
      return crc.checksum();
    }

    /// The archive behind its header.
    std::string checked_archive(const std::string &bytes)
    {
      const Header expected;
      Header header;
      if (bytes.size() < sizeof(Header))
        throw InputError("damaged states: too short");
      std::memcpy(&header, bytes.data(), sizeof(Header));
      if (std::memcmp(header.magic, expected.magic, sizeof(header.magic)) != 0)
        throw InputError("these bytes are no states of material points");
      if (header.version != expected.version)
        throw InputError(fmt::format("states of format version {} cannot be read; this program "
                                     "reads version {}",
                                     header.version, expected.version));
      std::string archive = bytes.substr(sizeof(Header));
      if (checksum(archive) != header.crc)
        throw InputError("damaged states: the checksum does not fit");
      return archive;
    }

    std::size_t numbers_of(const std::vector<StateField> &layout)
    {
      std::size_t n = 0;
      for (const StateField &field : layout)
        n += field.size;
      return n;
    }

    std::string describe(const StateField &field)
    {
      return fmt::format("\"{}\" [{}] of {} numbers", field.name, field.unit, field.size);
    }
  } // namespace

  PointStates::PointStates(std::vector<StateField> state_layout, const std::size_t n_points)
      : layout(std::move(state_layout)), n(n_points), stride(numbers_of(layout)),
        accepted(n * stride), trial(n * stride)
  {
  }

  void PointStates::commit()
  {
    accepted = trial;
  }

  void PointStates::roll_back()
  {
    trial = accepted;
  }

  std::string PointStates::serialise() const
  {
    std::ostringstream stream(std::ios::binary);
    {
      boost::archive::binary_oarchive archive(stream);
      const std::uint64_t n_fields = layout.size(), points = n;
      archive << n_fields;
      for (const StateField &field : layout)
      {
        const std::uint64_t size = field.size;
        archive << field.name << field.unit << size;
      }
      archive << points << accepted;
    }
    Header header;
    header.crc = checksum(stream.str());
    return std::string(reinterpret_cast<const char *>(&header), sizeof(Header)) + stream.str();
  }

  void PointStates::restore(const std::string &bytes)
  {
    std::vector<double> values;
    try
    {
      std::istringstream stream(checked_archive(bytes), std::ios::binary);
      boost::archive::binary_iarchive archive(stream);
      std::uint64_t n_fields = 0, n_points = 0;
      archive >> n_fields;
      if (n_fields != layout.size())
        throw InputError(
            fmt::format("states of another law: {} parts instead of {}", n_fields, layout.size()));
      for (const StateField &expected : layout)
      {
        StateField field;
        std::uint64_t size = 0;
        archive >> field.name >> field.unit >> size;
        field.size = size;
        if (field.name != expected.name || field.unit != expected.unit ||
            field.size != expected.size)
          throw InputError(fmt::format("states of another law: {} where {} is expected",
                                       describe(field), describe(expected)));
      }
      archive >> n_points;
      if (n_points != n)
        throw InputError(fmt::format("states of {} points instead of {}", n_points, n));
      archive >> values;
      if (values.size() != accepted.size())
        throw InputError(fmt::format("damaged states: {} numbers instead of {}", values.size(),
                                     accepted.size()));
    }
    catch (const boost::archive::archive_exception &error)
    {
      throw InputError(fmt::format("damaged states: {}", error.what()));
    }
    accepted = values;
    trial = std::move(values);
  }
} // namespace seem::law
