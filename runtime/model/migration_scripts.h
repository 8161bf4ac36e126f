// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What threads do to a map whose table is replaced meanwhile. The smallest table has eight slots,
// and is replaced when four are claimed.

#ifndef UNLATCH_MODEL_MIGRATION_SCRIPTS_H
#define UNLATCH_MODEL_MIGRATION_SCRIPTS_H

#include "map_script.h"

namespace unlatch {
namespace model {

using op = operation;

inline const script insert_same_key{{},
                                    {{{op::load_or_store, 0, 1}, {op::load, 0}},
                                     {{op::load_or_store, 0, 2}, {op::load, 0}},
                                     {{op::store, 0, 3}, {op::size}}}};
inline const script insert_erase_load{{{op::store, 0, 1}},
                                      {{{op::erase, 0}, {op::store, 0, 2}},
                                       {{op::load, 0}, {op::load, 0}},
                                       {{op::take, 0}, {op::load_or_store, 0, 3}}}};
/// Three slots are claimed and live, so an insert makes the table twice as large.
inline const script grow{{{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}},
                         {{{op::store, 3, 4}, {op::reclaim}, {op::load, 0}},
                          {{op::erase, 0}, {op::load, 0}},
                          {{op::load, 0}, {op::store, 0, 5}}}};
/// Most of what was claimed is dead, so the next table has the same size.
inline const script same_size{
    {{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}, {op::erase, 1}, {op::erase, 2}},
    {{{op::store, 3, 4}, {op::reclaim}, {op::load, 0}},
     {{op::erase, 0}, {op::load, 0}},
     {{op::load, 0}, {op::load_or_store, 1, 5}}}};
/// The helper that stands still while an entry is copied, erased, and must not come back.
inline const script stale_helper{{{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}},
                                 {{{op::store, 3, 4}},
                                  {{op::erase, 0}, {op::erase, 1}, {op::load, 0}},
                                  {{op::swap, 2, 5}, {op::load, 0}, {op::load, 1}}}};
inline const script count_while_growing{{{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}},
                                        {{{op::store, 3, 4}, {op::size}},
                                         {{op::erase, 0}, {op::store, 4, 5}},
                                         {{op::load, 3}, {op::size}, {op::load, 0}, {op::size}}}};
inline const script updates{{{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}},
                            {{{op::increment, 0}, {op::increment, 3}},
                             {{op::increment, 0}, {op::erase_by_update, 0}},
                             {{op::compare_and_swap, 0, 2}, {op::increment, 3}}}};

/// Tables of the same size follow one another, and the memory of the first is used again.
inline const script again_and_again{
    {{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}, {op::erase, 1}, {op::erase, 2}},
    {{{op::store, 3, 4},
      {op::erase, 3},
      {op::store, 4, 5},
      {op::erase, 4},
      {op::store, 5, 6},
      {op::reclaim},
      {op::erase, 5},
      {op::store, 1, 7}},
     {{op::erase, 0}, {op::load, 0}, {op::store, 0, 8}},
     {{op::load, 0}, {op::load_or_store, 2, 9}, {op::load, 0}}}};
/// One thread replaces the table, and its successor too, while another has only begun with it.
inline const script two_generations{
    {{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}, {op::erase, 1}, {op::erase, 2}},
    {{{op::store, 3, 4}, {op::load, 0}},
     {{op::store, 4, 5}, {op::erase, 4}, {op::store, 5, 6}, {op::reclaim}, {op::load, 0}}}};
/// Of a table with many stripes to count in, threads have some to themselves and share others.
inline const script count_in_stripes{{{op::reserve, 0, 300}, {op::store, 0, 1}},
                                     {{{op::store, 1, 2}, {op::erase, 1}, {op::size}},
                                      {{op::load, 1}, {op::size}, {op::store, 2, 3}},
                                      {{op::store, 3, 4}, {op::load, 1}, {op::size}}}};
/// A table that is copied in two parts: each thread takes one, and does what the other has left.
inline const script two_parts{
    {{op::reserve, 0, 300}, {op::store, 0, 1}, {op::store, 1, 2}, {op::store, 2, 3}},
    {{{op::reserve, 0, 400}, {op::load, 0}, {op::load, 2}},
     {{op::swap, 0, 4}, {op::erase, 1}, {op::load, 2}}}};
/// Whatever there is, while the table is replaced.
inline const script anything{{{op::store, 0, 1}, {op::store, 1, 2}, {op::store, 4, 3}},
                             {{{op::any}, {op::store, 3, 4}, {op::any}},
                              {{op::any}, {op::any}, {op::any}},
                              {{op::any}, {op::any}, {op::any}}}};

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_MIGRATION_SCRIPTS_H
