using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <summary>Lets an index have search tables of its own. The shared tables lose their vector indexes and their foreign keys.</summary>
    public partial class SearchTableSets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX IF EXISTS ix_frame_vectors_embedding, ix_text_segments_embedding");

            migrationBuilder.DropForeignKey(
                name: "fk_frame_vectors_video_id",
                table: "frame_vectors");

            migrationBuilder.DropForeignKey(
                name: "fk_logo_regions_video_id",
                table: "logo_regions");

            migrationBuilder.DropForeignKey(
                name: "fk_sound_moments_video_id",
                table: "sound_moments");

            migrationBuilder.DropForeignKey(
                name: "fk_text_segments_video_id",
                table: "text_segments");

            migrationBuilder.CreateTable(
                name: "search_table_sets",
                columns: table => new
                {
                    index_id = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_search_table_sets", x => x.index_id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DO $$
                DECLARE own record; name text;
                BEGIN
                  FOR own IN SELECT index_id, generation FROM search_table_sets LOOP
                    FOREACH name IN ARRAY ARRAY['frame_vectors', 'text_segments', 'logo_regions', 'sound_moments'] LOOP
                      EXECUTE format('INSERT INTO %1$I SELECT * FROM %2$I.%3$I', name, 'index_' || own.index_id,
                        name || '_' || own.generation);
                    END LOOP;
                    EXECUTE format('DROP SCHEMA %I CASCADE', 'index_' || own.index_id);
                  END LOOP;
                END $$
                """);

            migrationBuilder.DropTable(
                name: "search_table_sets");

            migrationBuilder.AddForeignKey(
                name: "fk_frame_vectors_video_id",
                table: "frame_vectors",
                column: "video_id",
                principalTable: "videos",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_logo_regions_video_id",
                table: "logo_regions",
                column: "video_id",
                principalTable: "videos",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_sound_moments_video_id",
                table: "sound_moments",
                column: "video_id",
                principalTable: "videos",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_text_segments_video_id",
                table: "text_segments",
                column: "video_id",
                principalTable: "videos",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);
        }
    }
}
