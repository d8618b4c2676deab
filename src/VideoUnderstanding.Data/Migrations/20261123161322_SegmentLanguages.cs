using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <inheritdoc />
    public partial class SegmentLanguages : Migration
    {
        /// <summary>The rules by which PostgreSQL reduces words of a language; words of a language without such rules stay as they are.</summary>
        private const string Stemmer = """
            CREATE FUNCTION text_stemmer(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE language
              WHEN 'ar' THEN 'arabic'::regconfig WHEN 'ca' THEN 'catalan'::regconfig WHEN 'da' THEN 'danish'::regconfig WHEN 'de' THEN 'german'::regconfig
              WHEN 'el' THEN 'greek'::regconfig WHEN 'en' THEN 'english'::regconfig WHEN 'es' THEN 'spanish'::regconfig WHEN 'eu' THEN 'basque'::regconfig
              WHEN 'fi' THEN 'finnish'::regconfig WHEN 'fr' THEN 'french'::regconfig WHEN 'ga' THEN 'irish'::regconfig WHEN 'hi' THEN 'hindi'::regconfig
              WHEN 'hu' THEN 'hungarian'::regconfig WHEN 'hy' THEN 'armenian'::regconfig WHEN 'id' THEN 'indonesian'::regconfig WHEN 'it' THEN 'italian'::regconfig
              WHEN 'lt' THEN 'lithuanian'::regconfig WHEN 'ne' THEN 'nepali'::regconfig WHEN 'nl' THEN 'dutch'::regconfig WHEN 'no' THEN 'norwegian'::regconfig
              WHEN 'pt' THEN 'portuguese'::regconfig WHEN 'ro' THEN 'romanian'::regconfig WHEN 'ru' THEN 'russian'::regconfig WHEN 'sr' THEN 'serbian'::regconfig
              WHEN 'sv' THEN 'swedish'::regconfig WHEN 'ta' THEN 'tamil'::regconfig WHEN 'tr' THEN 'turkish'::regconfig WHEN 'yi' THEN 'yiddish'::regconfig
              ELSE 'simple'::regconfig END
            $$
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_text_segments_words",
                table: "text_segments");

            migrationBuilder.AddColumn<string>(
                name: "language",
                table: "text_segments",
                type: "text",
                nullable: false,
                defaultValue: "en");

            migrationBuilder.CreateIndex(
                name: "ix_text_segments_index_id_language",
                table: "text_segments",
                columns: new[] { "index_id", "language" });

            migrationBuilder.Sql(Stemmer);
            migrationBuilder.Sql(
                "CREATE INDEX ix_text_segments_stems ON text_segments USING gin (to_tsvector(text_stemmer(language), translate(text, './-_@:''’‘ʼ`´', '      ')))");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_text_segments_stems");
            migrationBuilder.Sql("DROP FUNCTION text_stemmer(text)");

            migrationBuilder.DropIndex(
                name: "ix_text_segments_index_id_language",
                table: "text_segments");

            migrationBuilder.DropColumn(
                name: "language",
                table: "text_segments");

            migrationBuilder.CreateIndex(
                name: "ix_text_segments_words",
                table: "text_segments",
                column: "text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "simple");
        }
    }
}
