using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <inheritdoc />
    public partial class SearchIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_text_segments_index_id_video_id",
                table: "text_segments");

            migrationBuilder.DropIndex(
                name: "ix_text_segments_trigrams",
                table: "text_segments");

            migrationBuilder.CreateIndex(
                name: "ix_text_segments_index_id_source_video_id",
                table: "text_segments",
                columns: new[] { "index_id", "source", "video_id" });

            // Without the apostrophes, so that a word stands in one piece whatever way it is written.
            migrationBuilder.Sql("CREATE INDEX ix_text_segments_letters ON text_segments USING gin (translate(text, '''’‘ʼ`´', '') gin_trgm_ops)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_text_segments_letters");

            migrationBuilder.DropIndex(
                name: "ix_text_segments_index_id_source_video_id",
                table: "text_segments");

            migrationBuilder.CreateIndex(
                name: "ix_text_segments_index_id_video_id",
                table: "text_segments",
                columns: new[] { "index_id", "video_id" });

            migrationBuilder.CreateIndex(
                name: "ix_text_segments_trigrams",
                table: "text_segments",
                column: "text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });
        }
    }
}
