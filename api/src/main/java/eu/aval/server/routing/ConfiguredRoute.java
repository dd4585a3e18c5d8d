// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.shared.TenantId;
import java.util.UUID;

/**
 * A route as it is stored.
 *
 * @param version 1, and one more with each change
 */
public record ConfiguredRoute(UUID id, TenantId tenant, RouteDraft route, int version) {}
