// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** A verdict as it is stored: one JSON object, {@code decision} first. Members that are null are left out. */
public final class VerdictJson {

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "decision")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Verdict.Allowed.class, name = "ALLOWED"),
        @JsonSubTypes.Type(value = Verdict.Deferred.class, name = "DEFERRED"),
        @JsonSubTypes.Type(value = Verdict.Refused.class, name = "REFUSED")
    })
    private interface Decision {}

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addMixIn(Verdict.class, Decision.class)
            .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(Verdict.class);
    private static final ObjectReader READER = MAPPER.readerFor(Verdict.class);

    private VerdictJson() {}

    public static String write(Verdict verdict) {
        return WRITER.writeValueAsString(verdict);
    }

    public static Verdict read(String json) {
        return READER.readValue(json);
    }
}
