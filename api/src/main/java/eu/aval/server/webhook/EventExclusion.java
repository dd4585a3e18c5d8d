// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.shared.TenantId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Fields that leave a tenant in no event, or in none for one of its applications.
 *
 * @param apiKeyId null is the whole tenant
 */
public record EventExclusion(TenantId tenantId, @Nullable UUID apiKeyId, List<String> fields) {}
