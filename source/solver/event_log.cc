// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/solver/event_log.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>

namespace seem::solver
{
  namespace mpi = dealii::Utilities::MPI;

  namespace
  {
    /// Events of all ranks that are held before they are written: some megabytes.
    constexpr unsigned long most_held = 1 << 16;
    constexpr hsize_t rows_per_chunk = 1 << 13;
    constexpr int schema_version = 1;

    auto state_order(const PointKey &key)
    {
      return std::tie(key.cell, key.quadrature_point);
    }

    /// Owns one HDF5 identifier.
    class Handle
    {
    public:
      using Closer = herr_t (*)(hid_t);

      Handle(const hid_t id, const Closer closer) : id(id), closer(closer)
      {
      }

      Handle(Handle &&other) noexcept
          : id(std::exchange(other.id, H5I_INVALID_HID)), closer(other.closer)
      {
      }

      Handle &operator=(Handle &&other) noexcept
      {
        std::swap(id, other.id);
        std::swap(closer, other.closer);
        return *this;
      }

      ~Handle()
      {
        if (id >= 0)
          closer(id);
      }

      operator hid_t() const
      {
        return id;
      }

    private:
      hid_t id;
      Closer closer;
    };

    /// While it lives, HDF5 prints nothing: our errors name the file.
    class Silence
    {
    public:
      Silence()
      {
        H5Eget_auto2(H5E_DEFAULT, &function, &data);
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
      }

      Silence(const Silence &) = delete;
      Silence &operator=(const Silence &) = delete;

      ~Silence()
      {
        H5Eset_auto2(H5E_DEFAULT, function, data);
      }

    private:
      H5E_auto2_t function = nullptr;
      void *data = nullptr;
    };

    /// What HDF5 says about the last failure on this rank: its innermost message; empty if none.
    std::string cause()
    {
      std::string message;
      H5Ewalk2(
          H5E_DEFAULT, H5E_WALK_UPWARD,
          [](const unsigned int n, const H5E_error2_t *error, void *text) -> herr_t {
            if (n == 0 && error->desc != nullptr)
              *static_cast<std::string *>(text) = error->desc;
            return 0;
          },
          &message);
      return message;
    }

    // Rows are in memory as they are in the file, without gaps: HDF5 writes compressed data in
    // parallel only if it need not convert them.
#pragma pack(push, 1)
    /// A row of /events.
    struct EventRow
    {
      std::uint32_t step, pass;
      std::uint64_t cell;
      std::uint16_t quadrature_point, copy;
      std::uint32_t number;
      double path, tau, x1, dtau, dx1, heat, plastic_shear;
      std::uint8_t support;
    };

    /// A row of /states.
    struct StateRow
    {
      std::uint64_t cell;
      std::uint16_t quadrature_point;
      double x, y, z, volume_ratio;
    };
#pragma pack(pop)

    struct Field
    {
      const char *name;
      std::size_t offset;
      hid_t type;
      const char *unit;
    };

    Handle support_type()
    {
      Handle type(H5Tenum_create(H5T_NATIVE_UINT8), &H5Tclose);
      const char *const names[] = {"inside", "outside", "forced"};
      for (std::uint8_t value = 0; value < 3; ++value)
        H5Tenum_insert(type, names[value], &value);
      return type;
    }

    std::vector<Field> event_fields(const hid_t support)
    {
      return {{"step", offsetof(EventRow, step), H5T_NATIVE_UINT32, "1"},
              {"pass", offsetof(EventRow, pass), H5T_NATIVE_UINT32, "1"},
              {"cell", offsetof(EventRow, cell), H5T_NATIVE_UINT64, "1"},
              {"quadrature_point", offsetof(EventRow, quadrature_point), H5T_NATIVE_UINT16, "1"},
              {"copy", offsetof(EventRow, copy), H5T_NATIVE_UINT16, "1"},
              {"number", offsetof(EventRow, number), H5T_NATIVE_UINT32, "1"},
              {"path", offsetof(EventRow, path), H5T_NATIVE_DOUBLE, "1"},
              {"tau_GPa", offsetof(EventRow, tau), H5T_NATIVE_DOUBLE, "GPa"},
              {"x1_eV", offsetof(EventRow, x1), H5T_NATIVE_DOUBLE, "eV per atom"},
              {"dtau_GPa", offsetof(EventRow, dtau), H5T_NATIVE_DOUBLE, "GPa"},
              {"dx1_eV", offsetof(EventRow, dx1), H5T_NATIVE_DOUBLE, "eV per atom"},
              {"heat_GPa", offsetof(EventRow, heat), H5T_NATIVE_DOUBLE, "GPa"},
              {"plastic_shear", offsetof(EventRow, plastic_shear), H5T_NATIVE_DOUBLE, "1"},
              {"support", offsetof(EventRow, support), support, "1"}};
    }

    std::vector<Field> state_fields()
    {
      return {{"cell", offsetof(StateRow, cell), H5T_NATIVE_UINT64, "1"},
              {"quadrature_point", offsetof(StateRow, quadrature_point), H5T_NATIVE_UINT16, "1"},
              {"x_nm", offsetof(StateRow, x), H5T_NATIVE_DOUBLE, "nm"},
              {"y_nm", offsetof(StateRow, y), H5T_NATIVE_DOUBLE, "nm"},
              {"z_nm", offsetof(StateRow, z), H5T_NATIVE_DOUBLE, "nm"},
              {"volume_ratio", offsetof(StateRow, volume_ratio), H5T_NATIVE_DOUBLE, "1"}};
    }

    Handle row_type_of(const std::vector<Field> &fields, const std::size_t size)
    {
      Handle type(H5Tcreate(H5T_COMPOUND, size), &H5Tclose);
      for (const Field &field : fields)
        H5Tinsert(type, field.name, field.offset, field.type);
      return type;
    }

    /// Fixed length: strings of variable length are not for parallel files.
    bool write_text(const hid_t object, const char *name, const std::string &text)
    {
      const Handle type(H5Tcopy(H5T_C_S1), &H5Tclose);
      H5Tset_size(type, text.size() + 1);
      H5Tset_cset(type, H5T_CSET_UTF8);
      const Handle space(H5Screate(H5S_SCALAR), &H5Sclose);
      const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT),
                             &H5Aclose);
      return attribute >= 0 && H5Awrite(attribute, type, text.c_str()) >= 0;
    }

    bool write_units(const hid_t object, const std::vector<Field> &fields)
    {
      constexpr std::size_t width = 16;
      std::vector<char> text(width * fields.size(), '\0');
      for (std::size_t i = 0; i < fields.size(); ++i)
        std::strncpy(&text[width * i], fields[i].unit, width - 1);
      const Handle type(H5Tcopy(H5T_C_S1), &H5Tclose);
      H5Tset_size(type, width);
      const hsize_t n = fields.size();
      const Handle space(H5Screate_simple(1, &n, nullptr), &H5Sclose);
      const Handle attribute(H5Acreate2(object, "units", type, space, H5P_DEFAULT, H5P_DEFAULT),
                             &H5Aclose);
      return attribute >= 0 && H5Awrite(attribute, type, text.data()) >= 0;
    }

    EventRow row_of(const LoggedEvent &e)
    {
      const law::EventRecord &r = e.record;
      EventRow row = {};
      row.step = e.step;
      row.pass = e.pass;
      row.cell = r.key.cell;
      row.quadrature_point = r.key.quadrature_point;
      row.copy = r.key.copy;
      row.number = r.number;
      row.path = r.path;
      row.tau = r.before.tau;
      row.x1 = r.before.x[0];
      row.dtau = r.jump.dtau;
      row.dx1 = r.jump.dx[0];
      row.heat = r.heat;
      row.plastic_shear = r.plastic_shear;
      row.support = r.support == law::Support::inside    ? 0
                    : r.support == law::Support::outside ? 1
                                                         : 2;
      return row;
    }
  } // namespace

  bool comes_before(const LoggedEvent &a, const LoggedEvent &b)
  {
    const auto key = [](const LoggedEvent &e) {
      return std::tie(e.step, e.pass, e.record.key.cell, e.record.key.quadrature_point,
                      e.record.key.copy, e.record.number);
    };
    return key(a) < key(b);
  }

  EventSelection::EventSelection(const EventFilter &filter, const std::vector<StatePlace> &places)
      : filter(filter), inside(places)
  {
    if (!filter.region)
      return;
    const auto is_outside = [&](const StatePlace &place) {
      for (std::size_t d = 0; d < 3; ++d)
      {
        const auto [low, high] = (*filter.region)[d];
        if (place.position[d] < low || place.position[d] > high)
          return true;
      }
      return false;
    };
    inside.erase(std::remove_if(inside.begin(), inside.end(), is_outside), inside.end());
    std::sort(inside.begin(), inside.end(), [](const StatePlace &a, const StatePlace &b) {
      return state_order(a.key) < state_order(b.key);
    });
  }

  bool EventSelection::is_inside(const PointKey &key) const
  {
    const auto found = std::lower_bound(inside.begin(), inside.end(), key,
                                        [](const StatePlace &place, const PointKey &wanted) {
                                          return state_order(place.key) < state_order(wanted);
                                        });
    return found != inside.end() && state_order(found->key) == state_order(key);
  }

  std::vector<LoggedEvent> EventSelection::select(std::vector<LoggedEvent> events) const
  {
    const auto is_left_out = [&](const LoggedEvent &e) {
      return (filter.smallest_drop && e.record.jump.dtau < *filter.smallest_drop) ||
             (filter.smallest_plastic_shear &&
              e.record.plastic_shear < *filter.smallest_plastic_shear) ||
             (filter.region && !is_inside(e.record.key));
    };
    events.erase(std::remove_if(events.begin(), events.end(), is_left_out), events.end());
    std::sort(events.begin(), events.end(), comes_before);
    return events;
  }

  struct EventLogFile::Implementation
  {
    Implementation(const MPI_Comm communicator, const std::string &path)
        : communicator(communicator), path(path), file(H5I_INVALID_HID, &H5Fclose),
          dataset(H5I_INVALID_HID, &H5Dclose), support(support_type()),
          row_type(row_type_of(event_fields(support), sizeof(EventRow))),
          access(H5Pcreate(H5P_FILE_ACCESS), &H5Pclose),
          transfer(H5Pcreate(H5P_DATASET_XFER), &H5Pclose)
    {
      H5Pset_fapl_mpio(access, communicator, MPI_INFO_NULL);
      H5Pset_dxpl_mpio(transfer, H5FD_MPIO_COLLECTIVE);
    }

    /// All ranks fail if one has. @throws Error
    void require(const bool is_good, const std::string &what) const
    {
      if (mpi::min(is_good ? 1 : 0, communicator) == 1)
        return;
      const std::string why = is_good ? std::string() : reason.empty() ? cause() : reason;
      throw Error(fmt::format("{}: {}{}{}", path, what, why.empty() ? "" : ": ", why));
    }

    /// Rows of all ranks before those of this one, and of all.
    std::pair<hsize_t, hsize_t> place_of(const std::size_t n_rows) const
    {
      const hsize_t own = n_rows;
      hsize_t before = 0; // MPI_Exscan leaves it alone on rank 0
      MPI_Exscan(&own, &before, 1, MPI_UNSIGNED_LONG_LONG, MPI_SUM, communicator);
      const hsize_t all = mpi::sum(own, communicator);
      return {before, all};
    }

    /// Write @p n_rows rows to @p target from row @p begin on; false if this rank failed.
    bool write_rows(const hid_t target, const hid_t type, const hsize_t begin, const hsize_t n_rows,
                    const void *rows) const
    {
      const hsize_t at_least_one = std::max<hsize_t>(n_rows, 1);
      const Handle space(H5Dget_space(target), &H5Sclose),
          memory(H5Screate_simple(1, &at_least_one, nullptr), &H5Sclose);
      if (n_rows == 0) // the write is collective all the same
      {
        H5Sselect_none(space);
        H5Sselect_none(memory);
      }
      else if (H5Sselect_hyperslab(space, H5S_SELECT_SET, &begin, nullptr, &n_rows, nullptr) < 0)
        return false;
      const char nothing = 0;
      const bool is_done = H5Dwrite(target, type, memory, space, transfer,
                                    n_rows > 0 ? rows : static_cast<const void *>(&nothing)) >= 0;
      if (!is_done)
        reason = cause(); // before HDF5 forgets it
      return is_done;
    }

    bool write_states(const std::vector<StatePlace> &places) const
    {
      std::vector<StateRow> rows;
      for (const StatePlace &p : places)
        rows.push_back({p.key.cell, p.key.quadrature_point, p.position[0], p.position[1],
                        p.position[2], p.volume_ratio});
      const auto [before, all] = place_of(rows.size());
      const std::vector<Field> fields = state_fields();
      const Handle type = row_type_of(fields, sizeof(StateRow));
      const Handle space(H5Screate_simple(1, &all, nullptr), &H5Sclose);
      const Handle properties(H5Pcreate(H5P_DATASET_CREATE), &H5Pclose);
      H5Pset_obj_track_times(properties, false);
      const Handle states(
          H5Dcreate2(file, "states", type, space, H5P_DEFAULT, properties, H5P_DEFAULT), &H5Dclose);
      return states >= 0 && write_units(states, fields) &&
             (all == 0 || // there is no place to write nothing to
              write_rows(states, type, before, rows.size(), rows.data()));
    }

    bool make_events()
    {
      const hsize_t none = 0, unlimited = H5S_UNLIMITED;
      const Handle space(H5Screate_simple(1, &none, &unlimited), &H5Sclose);
      const Handle properties(H5Pcreate(H5P_DATASET_CREATE), &H5Pclose);
      H5Pset_obj_track_times(properties, false);
      H5Pset_chunk(properties, 1, &rows_per_chunk);
      H5Pset_shuffle(properties);
      H5Pset_deflate(properties, 4);
      dataset =
          Handle(H5Dcreate2(file, "events", row_type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
                 &H5Dclose);
      return dataset >= 0 && write_units(dataset, event_fields(support));
    }

    MPI_Comm communicator;
    std::string path;
    Handle file, dataset;
    Handle support, row_type, access, transfer;
    std::vector<EventRow> held;  ///< of this rank
    unsigned long n_held = 0;    ///< of all ranks
    unsigned long n_written = 0; ///< of all ranks
    mutable std::string reason;  ///< of a write that failed
  };

  EventLogFile::EventLogFile(const MPI_Comm communicator, const std::string &path,
                             const std::vector<StatePlace> &places, const std::string &description)
      : implementation(std::make_unique<Implementation>(communicator, path))
  {
    const Silence silence;
    Implementation &log = *implementation;
    const Handle creation(H5Pcreate(H5P_FILE_CREATE), &H5Pclose);
    H5Pset_obj_track_times(creation, false);
    log.file = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, log.access), &H5Fclose);
    log.require(log.file >= 0, "the event log cannot be created");
    const Handle version_space(H5Screate(H5S_SCALAR), &H5Sclose);
    const Handle version(H5Acreate2(log.file, "schema_version", H5T_STD_I64LE, version_space,
                                    H5P_DEFAULT, H5P_DEFAULT),
                         &H5Aclose);
    log.require(write_text(log.file, "kind", "event log") && version >= 0 &&
                    H5Awrite(version, H5T_NATIVE_INT, &schema_version) >= 0 &&
                    write_text(log.file, "program", "seem") &&
                    write_text(log.file, "program_version", program_version) &&
                    write_text(log.file, "filter", description) &&
                    write_text(log.file, "description",
                               "Plastic events of a run. Sorted by step, pass, cell, "
                               "quadrature_point, copy, number they are the same on any number of "
                               "ranks") &&
                    log.make_events(),
                "the event log cannot be written");
    log.require(log.write_states(places), "the event log cannot be written");
    log.require(H5Fflush(log.file, H5F_SCOPE_GLOBAL) >= 0, "the event log cannot be written");
  }

  EventLogFile::EventLogFile(const MPI_Comm communicator, const std::string &path,
                             const unsigned long n_events)
      : implementation(std::make_unique<Implementation>(communicator, path))
  {
    const Silence silence;
    Implementation &log = *implementation;
    log.file = Handle(H5Fopen(path.c_str(), H5F_ACC_RDWR, log.access), &H5Fclose);
    log.require(log.file >= 0, "the event log cannot be continued: no such HDF5 file");
    log.dataset = Handle(H5Dopen2(log.file, "events", H5P_DEFAULT), &H5Dclose);
    log.require(log.dataset >= 0, "the event log cannot be continued: it has no events");
    const Handle space(H5Dget_space(log.dataset), &H5Sclose);
    hsize_t length = 0;
    H5Sget_simple_extent_dims(space, &length, nullptr);
    log.require(length >= n_events,
                fmt::format("the event log cannot be continued: it has {} events, expected at "
                            "least {}",
                            length, n_events));
    const hsize_t kept = n_events;
    log.require(H5Dset_extent(log.dataset, &kept) >= 0, "the event log cannot be written");
    // Cutting a chunk leaves it in HDF5's cache, which collective writes go past: it would be
    // written over them later. Closing the data set empties the cache.
    log.dataset = Handle(H5I_INVALID_HID, &H5Dclose);
    log.require(H5Fflush(log.file, H5F_SCOPE_GLOBAL) >= 0, "the event log cannot be written");
    log.dataset = Handle(H5Dopen2(log.file, "events", H5P_DEFAULT), &H5Dclose);
    log.require(log.dataset >= 0, "the event log cannot be written");
    log.n_written = n_events;
  }

  EventLogFile::~EventLogFile()
  {
    const Silence silence;
    implementation.reset();
  }

  void EventLogFile::append(const std::vector<LoggedEvent> &events)
  {
    Implementation &log = *implementation;
    for (const LoggedEvent &e : events)
      log.held.push_back(row_of(e));
    log.n_held += mpi::sum(static_cast<unsigned long>(events.size()), log.communicator);
    if (log.n_held >= most_held)
      flush();
  }

  void EventLogFile::flush()
  {
    Implementation &log = *implementation;
    if (log.n_held == 0)
      return;
    const Silence silence;
    const auto [before, all] = log.place_of(log.held.size());
    const hsize_t length = log.n_written + all;
    log.require(H5Dset_extent(log.dataset, &length) >= 0, "the event log cannot be written");
    log.require(log.write_rows(log.dataset, log.row_type, log.n_written + before, log.held.size(),
                               log.held.data()),
                "the event log cannot be written");
    log.require(H5Fflush(log.file, H5F_SCOPE_GLOBAL) >= 0, "the event log cannot be written");
    log.n_written = length;
    log.n_held = 0;
    log.held.clear();
  }

  unsigned long EventLogFile::n_events() const
  {
    return implementation->n_written + implementation->n_held;
  }
} // namespace seem::solver
