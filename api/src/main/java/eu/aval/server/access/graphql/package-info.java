// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The ground that all of GraphQL stands on, and the administration of tenants, keys and tokens. */
@NullMarked
package eu.aval.server.access.graphql;

import org.jspecify.annotations.NullMarked;
