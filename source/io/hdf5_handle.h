// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_HDF5_HANDLE_H
#define SEEM_SOURCE_IO_HDF5_HANDLE_H

#include <hdf5.h>

#include <string>
#include <utility>

namespace seem::io
{
  /// Owns one HDF5 identifier.
  class Hdf5Handle
  {
  public:
    using Closer = herr_t (*)(hid_t);

    Hdf5Handle(const hid_t id, const Closer closer) : id(id), closer(closer)
    {
    }

    Hdf5Handle(Hdf5Handle &&other) noexcept
        : id(std::exchange(other.id, H5I_INVALID_HID)), closer(other.closer)
    {
    }

    Hdf5Handle(const Hdf5Handle &) = delete;
    Hdf5Handle &operator=(const Hdf5Handle &) = delete;
    Hdf5Handle &operator=(Hdf5Handle &&) = delete;

    ~Hdf5Handle()
    {
      close();
    }

    /// @return false if closing failed, e.g. because the disk is full
    bool close()
    {
      const hid_t old = std::exchange(id, H5I_INVALID_HID);
      return old < 0 || closer(old) >= 0;
    }

    bool is_valid() const
    {
      return id >= 0;
    }

    operator hid_t() const
    {
      return id;
    }

  private:
    hid_t id;
    Closer closer;
  };

  /// While it lives, HDF5 prints nothing. Its own messages follow on stderr otherwise, long and
  /// without our file names.
  class Hdf5Silence
  {
  public:
    Hdf5Silence()
    {
      H5Eget_auto2(H5E_DEFAULT, &function, &data);
      H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    }

    Hdf5Silence(const Hdf5Silence &) = delete;
    Hdf5Silence &operator=(const Hdf5Silence &) = delete;

    ~Hdf5Silence()
    {
      H5Eset_auto2(H5E_DEFAULT, function, data);
    }

  private:
    H5E_auto2_t function = nullptr;
    void *data = nullptr;
  };

  /// What HDF5 says about the last failure: its innermost message.
  std::string hdf5_cause();
} // namespace seem::io

#endif
