// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.tenant.KeyedColumns;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The classification of the database is that of the database, and somebody answers for each column about a person. */
@PlatformTest
final class ClassificationTests {

    private static final String NOTE = """
            retention: { SHORT: A day. }
            tables:
              aval.note:
                personal:
                  - columns: [text]
                    category: content
                    purpose: To read it.
                    retention: SHORT
                    holder: notes
                    protection: subject-key
                other: [id]
            """;

    private static final Map<String, String> DATABASE = Map.of("aval.note.id", "uuid", "aval.note.text", "bytea");
    private static final Map<String, Set<String>> HOLDERS = Map.of("notes", Set.of("note.text"));

    @Autowired
    private FreshDatabase database;

    @Autowired
    private List<PersonalDataHolder> holders;

    @Autowired
    private List<KeyedColumns> keyed;

    @Test
    void knowsEveryColumn() {
        assertThat(live()).hasSizeGreaterThan(150);
        assertThat(Classification.ofTheServer().defects(live(), answers())).isEmpty();
    }

    @Test
    void noticesATableThatNobodyClassified() {
        database.execute("create table aval_keys.left_over (id uuid primary key, number text)");
        try {
            assertThat(Classification.ofTheServer().defects(live(), answers()))
                    .containsExactly(
                            "aval_keys.left_over.id is not classified", "aval_keys.left_over.number is not classified");
        } finally {
            database.execute("drop table aval_keys.left_over");
        }
    }

    @Test
    void noticesAColumnThatNobodyClassified() {
        database.execute("alter table aval.message add column recipient text");
        try {
            assertThat(Classification.ofTheServer().defects(live(), answers()))
                    .containsExactly("aval.message.recipient is not classified");
        } finally {
            database.execute("alter table aval.message drop column recipient");
        }
    }

    @Test
    void noticesAHolderThatIsGone() {
        Map<String, Set<String>> fewer = answers();
        fewer.remove("messages");

        assertThat(Classification.ofTheServer().defects(live(), fewer))
                .contains("message.text_sealed is not answered for by messages");
    }

    @Test
    void carriesOverWhatIsUnderAKeyThatRotates() {
        assertThat(carried()).hasSizeGreaterThan(10);
        assertThat(Classification.ofTheServer().notCarriedOver(live(), carried()))
                .isEmpty();
    }

    @Test
    void noticesAColumnThatNobodyCarriesOver() {
        Map<String, Kind> fewer = carried();
        fewer.remove("suppression.number_index");
        fewer.remove("api_key.hash");
        fewer.put("subject_key.wrapped", Kind.PRF);

        assertThat(Classification.ofTheServer().notCarriedOver(live(), fewer))
                .containsExactly(
                        "api_key.hash is octets that nobody carries over",
                        "subject_key.wrapped is tenant-key and not carried over by a rotation of AEAD",
                        "suppression.number_index is blind-index and not carried over by a rotation of PRF");
    }

    @Test
    void noticesANewColumnOfOctetsThatNobodyCarriesOver() {
        Map<String, String> live = live();
        live.put("aval.message.note", "bytea");

        assertThat(Classification.ofTheServer().notCarriedOver(live, carried()))
                .containsExactly("message.note is octets that nobody carries over");
    }

    @Test
    void noticesWhatIsCarriedOverAndGone() {
        Map<String, Kind> more = carried();
        more.put("message.gone_index", Kind.PRF);

        assertThat(Classification.ofTheServer().notCarriedOver(live(), more))
                .containsExactly("message.gone_index is carried over and not in the database");
    }

    @Test
    void acceptsAColumnThatIsProtectedAndAnsweredFor() {
        assertThat(Classification.of(NOTE).defects(DATABASE, HOLDERS)).isEmpty();
    }

    @Test
    void noticesAColumnThatDoesNotExist() {
        assertThat(Classification.of(NOTE).defects(Map.of("aval.note.text", "bytea"), HOLDERS))
                .containsExactly("aval.note.id is classified and not in the database");
    }

    @Test
    void noticesAColumnThatStandsInClearWithoutAReason() {
        assertThat(Classification.of(NOTE.replace("protection: subject-key", "justification: ''"))
                        .defects(DATABASE, HOLDERS))
                .containsExactly("aval.note [text] has no justification");
        assertThat(Classification.of(NOTE).defects(Map.of("aval.note.id", "uuid", "aval.note.text", "text"), HOLDERS))
                .containsExactly("aval.note.text is not protected by subject-key: it is text");
    }

    @Test
    void noticesAColumnThatNobodyAnswersFor() {
        assertThat(Classification.of(NOTE).defects(DATABASE, Map.of("notes", Set.of())))
                .containsExactly("note.text is not answered for by notes");
        assertThat(Classification.of(NOTE).defects(DATABASE, Map.of("notes", Set.of("note.text", "note.id"))))
                .containsExactly("note.id is not given to notes");
    }

    @Test
    void noticesAWordThatMeansNothing() {
        assertThat(Classification.of(NOTE.replace("subject-key", "rot13")).defects(DATABASE, HOLDERS))
                .containsExactly("aval.note [text] has a protection that is not known");
        assertThat(Classification.of(NOTE.replace("retention: SHORT", "retention: FOREVER"))
                        .defects(DATABASE, HOLDERS))
                .containsExactly("aval.note [text] has a retention that is not known");
        assertThat(Classification.of(NOTE.replace("other: [id]", "others: [id]"))
                        .defects(DATABASE, HOLDERS))
                .containsExactly("others is no property of aval.note", "aval.note.id is not classified");
        assertThat(Classification.of(NOTE.replace("[id]", "[id, text]")).defects(DATABASE, HOLDERS))
                .containsExactly("aval.note.text is listed twice");
    }

    /** Partitions have the columns of their table. */
    private Map<String, String> live() {
        return database.query("""
                        select n.nspname || '.' || c.relname || '.' || a.attname as name,
                          format_type(a.atttypid, null) as type
                        from pg_attribute a join pg_class c on c.oid = a.attrelid
                          join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname like 'aval%' and c.relkind in ('r', 'p', 'v', 'm', 'f')
                          and not c.relispartition and a.attnum > 0 and not a.attisdropped""").stream()
                .collect(toMap(row -> String.valueOf(row.get("name")), row -> String.valueOf(row.get("type"))));
    }

    private Map<String, Kind> carried() {
        Map<String, Kind> carried = new TreeMap<>();
        keyed.forEach(each -> each.columns().forEach(column -> carried.put(column, each.kind())));
        return carried;
    }

    private Map<String, Set<String>> answers() {
        return holders.stream().collect(toMap(PersonalDataHolder::name, PersonalDataHolder::columns));
    }
}
