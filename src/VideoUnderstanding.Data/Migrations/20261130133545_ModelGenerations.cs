using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <summary>Lets an index have generations of search tables with the vectors of several profiles.</summary>
    public partial class ModelGenerations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "last_generation",
                table: "search_table_sets",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.Sql("UPDATE search_table_sets SET last_generation = generation");

            migrationBuilder.AddColumn<int>(
                name: "next_generation",
                table: "search_table_sets",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "next_profile",
                table: "search_table_sets",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "previous_generation",
                table: "search_table_sets",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "previous_profile",
                table: "search_table_sets",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "profile",
                table: "search_table_sets",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "profile",
                table: "indexing_tasks",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "generation_videos",
                columns: table => new
                {
                    video_id = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_generation_videos", x => new { x.video_id, x.generation });
                    table.ForeignKey(
                        name: "fk_generation_videos_video_id",
                        column: x => x.video_id,
                        principalTable: "videos",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Before, a row was a dedicated set of tables.
            migrationBuilder.Sql("DELETE FROM search_table_sets WHERE generation = 0");

            migrationBuilder.DropTable(
                name: "generation_videos");

            migrationBuilder.DropColumn(
                name: "last_generation",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "next_generation",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "next_profile",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "previous_generation",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "previous_profile",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "profile",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "profile",
                table: "indexing_tasks");
        }
    }
}
