// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Routes over GraphQL. */
@NullMarked
package eu.aval.server.routing.graphql;

import org.jspecify.annotations.NullMarked;
