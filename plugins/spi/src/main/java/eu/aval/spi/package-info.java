// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What a carrier plugin implements, and the few things the host gives it. */
@NullMarked
package eu.aval.spi;

import org.jspecify.annotations.NullMarked;
