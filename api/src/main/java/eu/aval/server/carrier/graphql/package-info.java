// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Carrier plugins and accounts over GraphQL. */
@NullMarked
package eu.aval.server.carrier.graphql;

import org.jspecify.annotations.NullMarked;
