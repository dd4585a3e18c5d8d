// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The one alphabet of failures, and the carrier's own code beside it. */
@NullMarked
package eu.aval.spi.failure;

import org.jspecify.annotations.NullMarked;
