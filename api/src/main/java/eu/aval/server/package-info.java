// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The server: its main class, and one package for each feature. */
@NullMarked
package eu.aval.server;

import org.jspecify.annotations.NullMarked;
