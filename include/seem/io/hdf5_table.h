// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_HDF5_TABLE_H
#define SEEM_IO_HDF5_TABLE_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace seem::io
{
  /**
   * A growing table of numbers in an HDF5 file: one dataset [n_rows] per column in the root group,
   * all of one length, with the attribute `unit`; root attributes `kind`, `description` and
   * `columns`, the names in their order. Whole numbers are stored as such. The file is there from
   * the start, and rows are in it after flush(): a process that dies later leaves them readable.
   * Serial: one process writes.
   *
   * In Python: `{name: file[name][:] for name in file.attrs["columns"]}` is what
   * pandas.DataFrame() takes.
   */
  class Hdf5Table
  {
  public:
    /**
     * @param[in] columns      names; the unit of a column is that of unit_of_column()
     * @param[in] kind         root attribute, for `seem info`
     * @throws InputError if the file cannot be created, naming it and the cause
     */
    Hdf5Table(const std::filesystem::path &path, std::vector<std::string> columns,
              const std::string &kind, const std::string &description);

    /**
     * Continue a table after a restart: keep the first @p n_rows rows, drop those after them.
     * @throws InputError if the file is missing, has other columns or fewer rows
     */
    static Hdf5Table resume(const std::filesystem::path &path, std::vector<std::string> columns,
                            std::size_t n_rows);

    Hdf5Table(Hdf5Table &&other) noexcept;
    Hdf5Table(const Hdf5Table &) = delete;
    Hdf5Table &operator=(const Hdf5Table &) = delete;

    /// Rows that were not flushed are written if that is possible. Never throws.
    ~Hdf5Table();

    /// Keep one row. @throws Error if the number of values is not that of the columns
    template <typename... Values>
    void row(const Values &...values)
    {
      static_assert((std::is_arithmetic_v<Values> && ...), "a table of numbers");
      append({Value(values)...});
    }

    /// Write what was kept, through to the disk. @throws Error naming the file if that fails
    void flush();

    /// Number of rows, those not flushed included.
    std::size_t n_rows() const;

  private:
    /// A number that remembers whether it is whole.
    struct Value
    {
      template <typename T>
      explicit Value(const T value)
          : is_whole(std::is_integral_v<T>), real(static_cast<double>(value)),
            whole(std::is_integral_v<T> ? static_cast<std::int64_t>(value) : 0)
      {
      }

      bool is_whole;
      double real;
      std::int64_t whole;
    };

    struct Implementation;
    explicit Hdf5Table(std::unique_ptr<Implementation> implementation);

    void append(const std::vector<Value> &values);

    std::unique_ptr<Implementation> implementation;
  };

  /**
   * The unit that the name of a column carries: "GPa" of "stress_xy_GPa", "nN nm" of
   * "moment_z_nN_nm", "eV" of "x1_eV", "nm", "s"; "1" of names without one.
   */
  std::string unit_of_column(const std::string &name);
} // namespace seem::io

#endif
