// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The SQL of rotations. */
@NullMarked
package eu.aval.server.rotation.store;

import org.jspecify.annotations.NullMarked;
