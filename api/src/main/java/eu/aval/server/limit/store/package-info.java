// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
@NullMarked
package eu.aval.server.limit.store;

import org.jspecify.annotations.NullMarked;
