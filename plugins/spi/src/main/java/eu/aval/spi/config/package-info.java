// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Typed configuration of a carrier account. */
@NullMarked
package eu.aval.spi.config;

import org.jspecify.annotations.NullMarked;
