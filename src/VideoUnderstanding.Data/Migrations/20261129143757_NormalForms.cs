using System.Text.Json;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <inheritdoc />
    public partial class NormalForms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // They were over the text as it was received. The new ones are over the normal form, which the server fills after the migration.
            migrationBuilder.Sql("DROP INDEX ix_text_segments_letters, ix_text_segments_stems, ix_text_segments_spellings");

            migrationBuilder.DropIndex(
                name: "ix_videos_custom_metadata",
                table: "videos");

            migrationBuilder.DropIndex(
                name: "ix_logos_account_id_name",
                table: "logos");

            migrationBuilder.AddColumn<JsonDocument>(
                name: "normal_custom_metadata",
                table: "videos",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "normal_filename",
                table: "videos",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "normal_title",
                table: "videos",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "normal_name",
                table: "video_indexes",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "words",
                table: "text_segments",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "normal_name",
                table: "logos",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "normal_filename",
                table: "indexing_tasks",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_videos_normal_custom_metadata",
                table: "videos",
                column: "normal_custom_metadata")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_text_segments_without_words",
                table: "text_segments",
                column: "id",
                filter: "words IS NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_text_segments_words",
                table: "text_segments",
                sql: "char_length(words) <= 1200");

            migrationBuilder.CreateIndex(
                name: "ix_logos_account_id_normal_name",
                table: "logos",
                columns: new[] { "account_id", "normal_name" });

            migrationBuilder.Sql("CREATE INDEX ix_text_segments_letters ON text_segments USING gin (words gin_trgm_ops)");
            migrationBuilder.Sql("CREATE INDEX ix_text_segments_stems ON text_segments USING gin (to_tsvector(text_stemmer(language), words))");
            // A name is found on screen however it is divided: "RED STAR" for Redstar. The statement of Search/Logos/ScreenLineQueries.cs has this expression.
            migrationBuilder.Sql(
                "CREATE INDEX ix_text_segments_spellings ON text_segments USING gin (replace(words, ' ', '') gin_trgm_ops) WHERE source = 'screen'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_text_segments_letters, ix_text_segments_stems, ix_text_segments_spellings");

            migrationBuilder.DropIndex(
                name: "ix_videos_normal_custom_metadata",
                table: "videos");

            migrationBuilder.DropIndex(
                name: "ix_text_segments_without_words",
                table: "text_segments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_text_segments_words",
                table: "text_segments");

            migrationBuilder.DropIndex(
                name: "ix_logos_account_id_normal_name",
                table: "logos");

            migrationBuilder.DropColumn(
                name: "normal_custom_metadata",
                table: "videos");

            migrationBuilder.DropColumn(
                name: "normal_filename",
                table: "videos");

            migrationBuilder.DropColumn(
                name: "normal_title",
                table: "videos");

            migrationBuilder.DropColumn(
                name: "normal_name",
                table: "video_indexes");

            migrationBuilder.DropColumn(
                name: "words",
                table: "text_segments");

            migrationBuilder.DropColumn(
                name: "normal_name",
                table: "logos");

            migrationBuilder.DropColumn(
                name: "normal_filename",
                table: "indexing_tasks");

            migrationBuilder.CreateIndex(
                name: "ix_videos_custom_metadata",
                table: "videos",
                column: "custom_metadata")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_logos_account_id_name",
                table: "logos",
                columns: new[] { "account_id", "name" });

            migrationBuilder.Sql("CREATE INDEX ix_text_segments_letters ON text_segments USING gin (translate(text, '''’‘ʼ`´', '') gin_trgm_ops)");
            migrationBuilder.Sql(
                "CREATE INDEX ix_text_segments_stems ON text_segments USING gin (to_tsvector(text_stemmer(language), translate(text, './-_@:''’‘ʼ`´', '      ')))");
            migrationBuilder.Sql(
                "CREATE INDEX ix_text_segments_spellings ON text_segments USING gin (regexp_replace(text, '[^a-zA-Z0-9]+', '', 'g') gin_trgm_ops) WHERE source = 'screen'");
        }
    }
}
