// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
@NullMarked
package eu.aval.server.limit.graphql;

import org.jspecify.annotations.NullMarked;
