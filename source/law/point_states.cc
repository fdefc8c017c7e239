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
#include <sstream>
#include <utility>

namespace seem::law
{
  namespace
  {
    /// Of the archive's content; another one is refused.
    constexpr std::uint32_t format_version = 1;

    std::uint32_t checksum(const std::vector<double> &values)
    {
      boost::crc_32_type crc;
      crc.process_bytes(values.data(), values.size() * sizeof(double));
      return crc.checksum();
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
    boost::archive::binary_oarchive archive(stream);
    const std::uint64_t n_fields = layout.size(), points = n;
    archive << format_version << n_fields;
    for (const StateField &field : layout)
    {
      const std::uint64_t size = field.size;
      archive << field.name << field.unit << size;
    }
    const std::uint32_t crc = checksum(accepted);
    archive << points << accepted << crc;
    return stream.str();
  }

  void PointStates::restore(const std::string &bytes)
  {
    std::vector<double> values;
    try
    {
      std::istringstream stream(bytes, std::ios::binary);
      boost::archive::binary_iarchive archive(stream);
      std::uint32_t version = 0;
      archive >> version;
      if (version != format_version)
        throw InputError(fmt::format("states of format version {} cannot be read; this program "
                                     "reads version {}",
                                     version, format_version));
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
      std::uint32_t crc = 0;
      archive >> values >> crc;
      if (values.size() != accepted.size() || crc != checksum(values))
        throw InputError("damaged states: the checksum does not fit");
    }
    catch (const boost::archive::archive_exception &error)
    {
      throw InputError(fmt::format("damaged states: {}", error.what()));
    }
    catch (const std::bad_alloc &)
    {
      throw InputError("damaged states: a size is absurd");
    }
    catch (const std::length_error &)
    {
      throw InputError("damaged states: a size is absurd");
    }
    accepted = values;
    trial = std::move(values);
  }
} // namespace seem::law
