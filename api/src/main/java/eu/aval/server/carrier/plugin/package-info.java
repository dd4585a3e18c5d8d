// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Jars of carriers: which may be opened, how their classes are loaded, and how their code is called without harm. */
@NullMarked
package eu.aval.server.carrier.plugin;

import org.jspecify.annotations.NullMarked;
